// A socket client that speaks the protocol by hand, for server versions the library does not announce
// and for bytes it would never send.
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A frame around these fields. */
export function frame(...fields: (string | number)[]): Buffer {
  const body = Buffer.from(fields.join('\0') + '\0');
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

/** The greeting that announces one version range. */
export function greeting(range: string): Buffer {
  const text = Buffer.from(range);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(text.length);
  return Buffer.concat([Buffer.from('API\0'), head, text]);
}

export class RawClient {
  readonly frames: string[][] = [];
  isClosed = false;
  readonly socket: Socket;
  private buffer = Buffer.alloc(0);

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (chunk: Buffer) => {
      this.buffer = Buffer.concat([this.buffer, chunk]);
      while (this.buffer.length >= 4) {
        const length = this.buffer.readUInt32BE(0);
        if (this.buffer.length < 4 + length) break;
        const body = this.buffer.subarray(4, 4 + length).toString('utf8');
        this.frames.push(body.split('\0').slice(0, -1));
        this.buffer = this.buffer.subarray(4 + length);
      }
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.isClosed = true;
    });
  }

  /** Greets at one version and starts the API. Resolves with the next valid order id. */
  async start(version: number, clientId: number): Promise<number> {
    this.socket.write(greeting(`v100..${version}`));
    await this.until(() => this.frames.length > 0);
    this.socket.write(frame(71, 2, clientId, ''));
    return Number((await this.message(9))[2]);
  }

  /** The first frame with this message id (the first that passes the test). */
  async message(id: number, test: (f: string[]) => boolean = () => true): Promise<string[]> {
    const find = () => this.frames.slice(1).find((f) => f[0] === String(id) && test(f));
    await this.until(() => find() !== undefined);
    return find() ?? [];
  }

  async until(test: () => boolean): Promise<void> {
    const deadline = Date.now() + 3000;
    while (!test()) {
      if (Date.now() > deadline) throw new Error(`timeout; frames: ${JSON.stringify(this.frames)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  close(): void {
    this.socket.destroy();
  }
}

/** A plain stock placeOrder as a client of the given server version would send it. */
export function placeOrderFields(version: number, o: Record<number, string | number>): string[] {
  // Index map of server version 178; later versions append at the end.
  const fields = Array.from({ length: 114 }, () => '');
  fields[0] = '3';
  for (const [index, value] of Object.entries(o)) fields[Number(index)] = String(value);
  if (version >= 183) fields.push('');
  if (version >= 184) fields.push('0');
  if (version >= 189) fields.push('0');
  if (version >= 192) fields.push('2147483647');
  if (version >= 199) fields.push('0');
  return fields;
}
