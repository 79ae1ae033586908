/** An error code of the gateway and its text. */
export type OrderError = { code: number; text: string };

/** Whether a step of a check failed. */
export const isOrderError = (value: unknown): value is OrderError =>
  typeof value === 'object' && value !== null && 'code' in value && 'text' in value;

/** Error 321: the request itself is wrong. */
export const invalid = (text: string): OrderError => ({
  code: 321,
  text: `Error validating request.-'bW' : cause - ${text}`,
});

/** Error 201: understood, and refused. */
export const rejected = (reason: string): OrderError => ({
  code: 201,
  text: `Order rejected - reason:${reason}`,
});

/** Error 200: no such contract, or not any more. */
export const noSuchContract: OrderError = {
  code: 200,
  text: 'No security definition has been found for the request',
};
