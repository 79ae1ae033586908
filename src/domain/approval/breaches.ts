/** One signed term that no longer holds: what was signed and what is so now, as texts for a person. */
export type Breach = { readonly term: string; readonly signed: string; readonly now: string };
