// Frames of the socket protocol: a 4-byte big-endian length, then fields each ended by NUL.
// Source: IBKR TWS API, "Connection"; reference note §2.1.

/** Largest frame the protocol allows, in bytes. */
const MAX_FRAME_BYTES = 0xffffff;

/** Bytes that cannot be this protocol; the connection is to be closed. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/** One frame with these fields. */
export function encodeFrame(fields: readonly string[]): Buffer {
  const body = Buffer.from(fields.join('\0') + '\0', 'utf8');
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, 4);
  return frame;
}

/** The fields of a frame body. A missing last NUL is tolerated. */
export function splitFields(body: Buffer): string[] {
  const fields = body.toString('utf8').split('\0');
  if (fields.at(-1) === '') fields.pop();
  return fields;
}

/** Collects bytes as they arrive, in pieces of any size, and hands out complete frames. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private held = 0;
  private needed = 4;
  private readonly maxBytes: number;

  /** `maxBytes` of one frame; never more than the protocol allows. */
  constructor(maxBytes: number = MAX_FRAME_BYTES) {
    this.maxBytes = Math.min(maxBytes, MAX_FRAME_BYTES);
  }

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
  }

  /** The next complete frame body, or undefined until more bytes arrive. Throws FramingError. */
  next(): Buffer | undefined {
    if (this.held < this.needed) return undefined;
    const all = this.peek();
    const length = all.readUInt32BE(0);
    if (length === 0 || length > this.maxBytes) {
      throw new FramingError(`frame length ${length} is outside 1…${this.maxBytes}`);
    }
    this.needed = 4 + length;
    if (all.length < this.needed) return undefined;
    const body = all.subarray(4, this.needed);
    this.keep(all.subarray(this.needed));
    return body;
  }

  /** Takes exactly `count` raw bytes, or undefined until they are there. */
  takeRaw(count: number): Buffer | undefined {
    if (this.held < count) return undefined;
    const all = this.peek();
    this.keep(all.subarray(count));
    return all.subarray(0, count);
  }

  private peek(): Buffer {
    const [first, ...rest] = this.chunks;
    if (first === undefined) return Buffer.alloc(0);
    if (rest.length === 0) return first;
    const all = Buffer.concat(this.chunks, this.held);
    this.chunks = [all];
    return all;
  }

  private keep(rest: Buffer): void {
    this.chunks = rest.length === 0 ? [] : [rest];
    this.held = rest.length;
    this.needed = 4;
  }
}
