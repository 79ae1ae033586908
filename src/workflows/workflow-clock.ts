/**
 * The workflow's own clock in milliseconds: the time of the current workflow task, the same on every replay.
 * Temporal's sandbox replaces `Date`; it is not the machine's clock, and nothing outside a workflow may call this.
 */
export function workflowNowMs(): number {
  // eslint-disable-next-line no-restricted-properties -- the sandbox's replayable clock
  return Date.now();
}
