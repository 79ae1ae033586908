import { GatewayError } from '../../domain/errors.ts';

/** The largest body that is read, in bytes. */
const maxBodyBytes = 65_536;

/** The JSON object in a body; no body at all is an empty object. Throws a `GatewayError` for anything else. */
export async function readJsonObject(request: Request): Promise<Record<string, unknown>> {
  const text = await readText(request, 'application/json');
  if (text === '') return {};
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new GatewayError('VALIDATION', 'The body must be a JSON object.', {
    hint: 'Send { … } with the fields of this route.',
    problems: [{ pointer: '', message: 'expected an object' }],
  });
}

/** The text of a body of one media type, at most 64 KB. */
export async function readText(request: Request, mediaType: string): Promise<string> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBodyBytes) throw tooLarge();
  const bytes = await readLimited(request);
  if (bytes.length === 0) return '';
  const given = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (given !== mediaType) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', `The body must be ${mediaType}.`, {
      hint: `Set Content-Type: ${mediaType}.`,
    });
  }
  return decode(bytes);
}

async function readLimited(request: Request): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const stream = request.body as AsyncIterable<Uint8Array> | null;
  for await (const part of stream ?? []) {
    size += part.length;
    if (size > maxBodyBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new GatewayError('MALFORMED_BODY', 'The body is not UTF-8.', {
      hint: 'Send UTF-8 text.',
      cause,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GatewayError('MALFORMED_BODY', 'The body cannot be read as JSON.', {
      hint: 'JSON has no NaN, no comments and no trailing commas.',
      problems: [{ pointer: '', message: 'not JSON' }],
      cause,
    });
  }
}

function tooLarge(): GatewayError {
  return new GatewayError('BODY_TOO_LARGE', `The body is larger than ${maxBodyBytes} bytes.`, {
    hint: 'An order fits into one kilobyte: leave everything else out.',
  });
}
