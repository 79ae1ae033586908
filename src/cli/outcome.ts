/** Exit codes of the command line (sysexits where there is one); documented in `countersign --help`. */
export const exitCodes = {
  ok: 0,
  /** The answer is no: refused, not found, decided by somebody else, a broken audit chain. */
  refused: 1,
  usage: 2,
  unavailable: 69,
  noPermission: 77,
  configuration: 78,
} as const;

/** What a command came to: JSON for programs, lines for people. */
export type Outcome = {
  readonly json: unknown;
  readonly lines: readonly string[];
  readonly exitCode?: number;
};

/** A command that could not be done, with the exit code that says why. */
export class CommandFailure extends Error {
  readonly exitCode: number;
  readonly json: unknown;
  constructor(exitCode: number, message: string, json: unknown = { error: message }) {
    super(message);
    this.name = 'CommandFailure';
    this.exitCode = exitCode;
    this.json = json;
  }
}
