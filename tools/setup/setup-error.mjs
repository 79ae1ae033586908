// Failures of setting up and starting: one sentence that says what to do, and a documented exit code.

/** The exit codes of every Countersign command (the numbers of sysexits.h). */
export const exitCodes = {
  ok: 0,
  failed: 1,
  unavailable: 69,
  cannotCreate: 73,
  tryAgain: 75,
  configuration: 78,
};

export class SetupError extends Error {
  constructor(message, exitCode) {
    super(message);
    this.name = 'SetupError';
    this.exitCode = exitCode;
  }
}
