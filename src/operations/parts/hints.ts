/** MCP annotations: all four are always set, since the protocol's defaults are the pessimistic ones. */

/** Looks, changes nothing, stays with our own broker and ledger. */
export const readOnly = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

/** Changes something in a way that can be repeated or undone. */
export const harmlessWrite = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

/** Starts something that may end at a market. */
export const proposal = { ...harmlessWrite, openWorldHint: true } as const;
