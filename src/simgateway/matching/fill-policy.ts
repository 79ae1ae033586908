// How marketable orders fill: against the displayed size and the tape, at once, only when the control
// port says so, or in slices.
import type { Size } from '../market/instrument.ts';

/** One partial fill: a size (or all that is left), and milliseconds after the slice before it. */
export type Slice = { shares: Size | 'rest'; delayMs: number };
/** The rule in force for every account and instrument. */
export type FillPolicy =
  /** Takes what is displayed; the rest works on, and resting orders wait in their queue. */
  | { mode: 'market' }
  | { mode: 'immediate' }
  | { mode: 'manual' }
  /** After the last slice the remainder keeps working until the control port fills it. */
  | { mode: 'partial'; slices: Slice[] };
