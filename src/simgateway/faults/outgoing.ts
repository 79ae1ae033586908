// One message on its way out, and its bytes.
import type { Layout, Values } from '../wire/field-table.ts';
import { encode } from '../wire/encode.ts';
import { encodeFrame } from '../wire/framing.ts';

/** A message to one client, before it is encoded; faults change copies of it. */
export type Outgoing = {
  layout: Layout;
  values: Values;
  /** Changes the text fields after encoding. */
  editFields?: (fields: string[]) => string[];
  /** Changes the bytes of the whole frame. */
  editFrame?: (frame: Buffer) => Buffer;
  /** Bytes per TCP write, when it is to be cut. */
  splitBytes?: number;
};
/** Bytes that wait to be written. */
export type OutFrame = { bytes: Buffer; splitBytes?: number };

/** The bytes of a message at a server version. */
export function frameOf(message: Outgoing, version: number): OutFrame {
  const fields = encode(message.layout, message.values as never, version);
  const frame = encodeFrame(message.editFields?.(fields) ?? fields);
  const bytes = message.editFrame?.(frame) ?? frame;
  return message.splitBytes === undefined ? { bytes } : { bytes, splitBytes: message.splitBytes };
}
