/** A state file that cannot be used; the text is one sentence for whoever started the gateway. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}
