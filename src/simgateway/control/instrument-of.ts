// The instrument a path part names.
import { findInstruments, instrumentByConId } from '../market/contract-book.ts';
import type { Instrument } from '../market/instrument.ts';
import { ControlError } from './field.ts';

/** By contract id, or by a symbol that is not ambiguous. Throws ControlError 404 or 409. */
export function instrumentOf(text: string | undefined): Instrument {
  const conId = Number(text);
  const byId = Number.isInteger(conId) ? instrumentByConId(conId) : undefined;
  const found = byId === undefined ? findInstruments({ symbol: text }) : [byId];
  const [first, second] = found;
  if (first === undefined) throw new ControlError(404, `no instrument '${text ?? ''}'`);
  if (second !== undefined) {
    const ids = found.map((i) => `${i.conId} ${i.currency}`).join(', ');
    throw new ControlError(409, `'${text ?? ''}' is ambiguous; use a contract id: ${ids}`);
  }
  return first;
}
