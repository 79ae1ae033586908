// What can happen to an engine, drawn at random: orders of every kind from several clients, changes,
// cancels, quotes, prints, time that passes and a clock that jumps both ways.
import fc from 'fast-check';
import { AAA, BBB, BTC, byConId, CALL_100, CALL_110, ES, EURO, EURUSD } from './contracts.ts';
import type { World } from './world.ts';

const KINDS = [AAA, BBB, EURO, CALL_100, CALL_110, ES, EURUSD, BTC];
const TYPES = ['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT', 'MIT', 'LIT'];

/** Most orders stand alone. */
const NONE = Array.from({ length: 8 }, () => undefined);

const kind = fc.integer({ min: 0, max: KINDS.length - 1 });
const offset = fc.integer({ min: -20, max: 20 });
const placing = fc.record({
  do: fc.constant('place' as const),
  client: fc.integer({ min: 1, max: 3 }),
  account: fc.constantFrom('DU1', 'DU2'),
  kind,
  action: fc.constantFrom('BUY' as const, 'SELL' as const),
  type: fc.constantFrom(...TYPES),
  tif: fc.constantFrom('DAY', 'GTC', 'GTD', 'IOC', 'FOK'),
  units: fc.integer({ min: 1, max: 300 }),
  offset,
  parent: fc.constantFrom(...NONE, ...NONE, 1, 2, 3),
  oca: fc.constantFrom(...NONE, ...NONE, 'g1', 'h2', 'i1', 'j3'),
  allOrNone: fc.constantFrom(false, false, false, true),
  combo: fc.constantFrom(false, false, false, true),
});
/** One thing that happens. */
export const step = fc.oneof(
  { weight: 6, arbitrary: placing },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('modify' as const),
      client: fc.integer({ min: 1, max: 3 }),
      id: fc.integer({ min: 1, max: 8 }),
      units: fc.integer({ min: 1, max: 300 }),
      offset,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cancel' as const),
      client: fc.integer({ min: 1, max: 3 }),
      id: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('quote' as const),
      kind,
      offset,
      bidSize: fc.integer({ min: 0, max: 400 }),
      askSize: fc.integer({ min: 0, max: 400 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('print' as const),
      kind,
      offset,
      units: fc.integer({ min: 1, max: 500 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      seconds: fc.constantFrom(-3600, -30, 30, 1800, 3600, 6 * 3600),
    }),
  },
);
/** One thing that happens. */
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const tickOf = (i: typeof AAA) => (i.secType === 'CASH' ? 50 : 10_000) * 5;
/** A price some ticks from the long-run one, as text. */
export function priceAt(i: typeof AAA, ticks: number): string {
  return String((i.basePrice + ticks * tickOf(i)) / 1_000_000);
}

function fieldsOf(s: Extract<Step, { do: 'place' }>) {
  const i = KINDS[s.kind] ?? AAA;
  const price = priceAt(i, s.offset);
  const perUnit = { CASH: 1000, CRYPTO: 0.001 }[i.secType as string] ?? 1;
  const shared = {
    ...{ action: s.action, account: s.account, tif: s.tif, allOrNone: s.allOrNone },
    ...(s.tif === 'GTD' ? { goodTillDate: '20260414 13:00:00' } : {}),
    ...(s.oca === undefined ? {} : { ocaGroup: s.oca, ocaType: Number(s.oca.slice(1)) }),
    ...(s.parent === undefined ? {} : { parentId: s.parent }),
  };
  if (s.combo) {
    const legs = [CALL_100, CALL_110].map((leg, at) => ({
      ...{ conId: leg.conId, ratio: 1, action: at === 0 ? 'BUY' : 'SELL', exchange: 'SMART' },
    }));
    const net = String(s.offset * 0.05);
    const bag = { conId: 0, secType: 'BAG', orderType: 'LMT', lmtPrice: net, comboLegs: legs };
    return { ...shared, ...bag, totalQuantity: String(s.units) };
  }
  const isTrail = s.type.startsWith('TRAIL');
  return {
    ...shared,
    ...{ conId: i.conId, orderType: s.type, lmtPrice: isTrail ? undefined : price },
    auxPrice: isTrail ? String((3 * tickOf(i)) / 1_000_000) : price,
    lmtPriceOffset: s.type === 'TRAIL LIMIT' ? String(tickOf(i) / 1_000_000) : undefined,
    totalQuantity: String(Number((s.units * perUnit).toFixed(6))),
  };
}

/** Lets a step happen. */
export function run(w: World, s: Step): void {
  switch (s.do) {
    case 'place':
      w.place(fieldsOf(s), s.client);
      break;
    case 'modify': {
      const known = w.store.byOrderId(s.client, s.id);
      if (known?.terms.limitPrice === undefined || known.oca !== undefined) break;
      const i = byConId(known.conId) ?? AAA;
      const lmtPrice = known.terms.legs === undefined ? priceAt(i, s.offset) : '1';
      w.desk.place(s.client, { ...known.fields, lmtPrice, totalQuantity: String(s.units) });
      break;
    }
    case 'cancel':
      w.desk.cancel(s.client, s.id);
      break;
    case 'quote': {
      const i = KINDS[s.kind] ?? AAA;
      const bid = Number(priceAt(i, s.offset));
      const ask = Number((bid + tickOf(i) / 1_000_000).toFixed(6));
      w.market.quote(i, { bid, ask, last: bid, bidSize: s.bidSize, askSize: s.askSize });
      w.desk.evaluateAll();
      break;
    }
    case 'print': {
      const i = KINDS[s.kind] ?? AAA;
      w.print(i, Number(priceAt(i, s.offset)), s.units);
      break;
    }
    case 'pass':
      w.pass();
      break;
    case 'jump':
      w.clock.set({ instant: w.clock.now() + s.seconds * 1000 });
      w.pass();
  }
}
