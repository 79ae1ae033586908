import { GatewayError } from '../../domain/errors.ts';

// eslint-disable-next-line no-control-regex -- finding control characters is the point
const control = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Refuses a string that may not go to the socket. The library writes fields NUL-separated and unfiltered, so a NUL
 * inside one shifts every later field (reference note ibkr-protocol 1.4-E). Throws `VALIDATION`.
 */
export function plainText(text: string, what: string): string {
  if (control.test(text)) {
    throw new GatewayError('VALIDATION', `${what} holds a control character`);
  }
  return text;
}

/** `plainText` over every string of a flat record; nothing else is looked at. */
export function plainRecord(record: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'string') plainText(value, name);
  }
}
