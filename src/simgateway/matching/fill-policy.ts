// How marketable orders fill: at once, only when the control port says so, or in slices.

/** One partial fill: shares (or all that is left), and milliseconds after the slice before it. */
export type Slice = { shares: number | 'rest'; delayMs: number };
/** The rule in force for every account and instrument. */
export type FillPolicy =
  | { mode: 'immediate' }
  | { mode: 'manual' }
  /** After the last slice the remainder keeps working until the control port fills it. */
  | { mode: 'partial'; slices: Slice[] };
