// Random and mutated frames of every request, as a hostile or broken client would send them. The same
// seed gives the same frames.
import { requestLayouts } from '../../src/simgateway/wire/catalogue.ts';
import { encode } from '../../src/simgateway/wire/encode.ts';
import type { Values } from '../../src/simgateway/wire/field-table.ts';
import { encodeFrame } from '../../src/simgateway/wire/framing.ts';
import { placeOrder } from '../../src/simgateway/wire/place-order.ts';
import { anyValues } from './wire-values.ts';
import type { Chance } from './wire-values.ts';

const ODD = [
  ...['', '-1', '0', '1', '2147483647', '-2147483648', '9223372036854775807', '1e309', 'NaN'],
  ...['Infinity', '-Infinity', '0x10', '1.7976931348623157E308', 'true', '999999999', '10000'],
  ...['constructor', '__proto__', '\ud800', '\\u0000', ' ', 'x'.repeat(5000), '265598', 'BUY'],
  ...['LMT', 'DU1234567', '20260101-00:00:00', '1 D', '1 hour', 'All', '$LEDGER:ALL'],
];
const pick = <T>(chance: Chance, choices: readonly T[]) => choices[chance(choices.length)] as T;

const STOCK = { conId: 265598, secType: 'STK', exchange: 'SMART', currency: 'USD' };
/** Orders that the gateway takes, of every kind of life. */
const ORDERS = [
  { orderType: 'LMT', lmtPrice: '100', tif: 'DAY' },
  { orderType: 'MKT', tif: 'DAY' },
  { orderType: 'LMT', lmtPrice: '900', tif: 'IOC' },
  { orderType: 'STP', auxPrice: '90', tif: 'GTC' },
  { orderType: 'LMT', lmtPrice: '100', tif: 'DAY', whatIf: true },
  { orderType: 'LMT', lmtPrice: '100', tif: 'DAY', transmit: false },
];
/** Values that make requests other than orders succeed. */
const SENSIBLE = { ...STOCK, account: 'DU1234567', group: 'All', tags: 'All', subscribe: true };

const HISTORY = { barSize: '1 hour', duration: '1 D', whatToShow: 'TRADES', timePeriod: '3 days' };
const TICKS = { tickType: 'Last', numberOfTicks: 5, formatDate: 1 };
/** Values with which every request gets as far as it can. */
export const SENSIBLE_REQUESTS: readonly Values[] = ORDERS.map((order) => ({
  ...SENSIBLE,
  ...HISTORY,
  ...TICKS,
  ...{ action: 'BUY', totalQuantity: '7', transmit: true },
  ...order,
}));

/** Now and then an earlier order's id, else the next one. */
function orderId(chance: Chance, next: { orderId: number }): number {
  if (chance(3) === 0) return 1 + chance(next.orderId);
  next.orderId += 1;
  return next.orderId;
}

/** An order that would be taken, but for a few fields of any value. */
function almostAnOrder(chance: Chance, next: { orderId: number }): Values {
  const action = pick(chance, ['BUY', 'SELL']);
  const order = { action, totalQuantity: String(1 + chance(9)), transmit: true, account: 'DU1' };
  const odd = Object.entries(anyValues(placeOrder.entries, chance));
  const values = { ...STOCK, ...order, ...pick(chance, ORDERS), orderId: orderId(chance, next) };
  for (let i = chance(4); i > 0; i -= 1)
    Object.assign(values, Object.fromEntries([pick(chance, odd)]));
  return values;
}

/** The fields of a message as its table has them, with values that fit. */
function wellFormed(chance: Chance, version: number, next: { orderId: number }): string[] {
  if (chance(3) === 0) {
    return encode(placeOrder, almostAnOrder(chance, next) as never, version);
  }
  const layout = pick(chance, requestLayouts);
  const values = anyValues(layout.entries, chance);
  if (chance(3) > 0)
    Object.assign(values, chance(2) === 0 ? SENSIBLE : pick(chance, SENSIBLE_REQUESTS));
  const ids = { orderId: orderId(chance, next), reqId: chance(30) };
  if (chance(4) > 0) Object.assign(values, ids);
  return encode(layout, values as never, version);
}

type Mutation = (fields: string[], chance: Chance) => void;
const MUTATIONS: readonly Mutation[] = [
  () => undefined,
  (f, chance) => void (f[chance(f.length)] = pick(chance, ODD)),
  (f, chance) => void f.splice(chance(f.length), 1),
  (f, chance) => void f.splice(chance(f.length), 0, pick(chance, ODD)),
  (f, chance) => void (f.length = chance(f.length)),
  (f, chance) => void f.push(...Array.from({ length: chance(50) }, () => pick(chance, ODD))),
  (f, chance) => void (f[0] = String(chance(300))),
];

/** One frame with its length; its body may be anything. `next` holds the last order id used. */
export function anyFrame(chance: Chance, version: number, next: { orderId: number }): Buffer {
  if (chance(50) === 0) {
    const body = Buffer.from(Array.from({ length: 1 + chance(200) }, () => chance(256)));
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    return Buffer.concat([head, body]);
  }
  const fields = wellFormed(chance, version, next);
  for (let i = Math.max(0, chance(5) - 2); i > 0 && fields.length > 0; i -= 1) {
    pick(chance, MUTATIONS)(fields, chance);
  }
  return encodeFrame(fields);
}

/** Bytes that are no frames at all: the stream is out of step afterwards. */
export function anyBytes(chance: Chance): Buffer {
  return Buffer.from(Array.from({ length: 1 + chance(100) }, () => chance(256)));
}
