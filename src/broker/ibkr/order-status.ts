/** IBKR's words after which an order is over. `Inactive` is not one: such an order may revive (reference note 3.4). */
const finished: ReadonlySet<string> = new Set(['Filled', 'Cancelled', 'ApiCancelled']);

/** Whether IBKR's status word ends an order. */
export function isFinished(status: string): boolean {
  return finished.has(status);
}
