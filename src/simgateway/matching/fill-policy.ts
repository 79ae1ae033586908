// How marketable orders fill: at once, only when the control port says so, or in slices.

export type Slice = { shares: number | 'rest'; delayMs: number };
export type FillPolicy =
  | { mode: 'immediate' }
  | { mode: 'manual' }
  /** After the last slice the remainder keeps working until the control port fills it. */
  | { mode: 'partial'; slices: Slice[] };
