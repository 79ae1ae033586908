export const exitCodes: {
  readonly ok: 0;
  readonly failed: 1;
  readonly unavailable: 69;
  readonly cannotCreate: 73;
  readonly tryAgain: 75;
  readonly configuration: 78;
};

export class SetupError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number);
}
