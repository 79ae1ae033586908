// Every order type with every time in force, from the signed terms to the bytes on a socket and back, read by hand.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ibOrder } from '../../src/broker/ibkr/ib-order.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { decimalText } from '../../src/domain/money/decimal.ts';
import type { ConId } from '../../src/domain/ids.ts';
import type { Contract } from '../../src/domain/instrument/contract.ts';
import type { Currency } from '../../src/domain/money/money.ts';
import type { OrderTerms } from '../../src/domain/order/intent.ts';
import type { Instant } from '../../src/domain/time/instant.ts';
import { anyTerms, combinations, fixedTerms, goodTill, noPrices } from '../support/order-terms.ts';
import { startRawTws, type RawTws } from '../support/raw-tws.ts';
import {
  apple,
  approved,
  limitBuy,
  startTestBroker,
  until,
  type TestBroker,
} from '../support/test-broker.ts';

/** Field numbers of placeOrder: reference note ibkr-protocol 2.5; the same at 178 and 193. */
const at = {
  orderId: 1,
  conId: 2,
  symbol: 3,
  secType: 4,
  lastTradeDate: 5,
  strike: 6,
  right: 7,
  multiplier: 8,
  exchange: 9,
  currency: 11,
  localSymbol: 12,
  action: 16,
  quantity: 17,
  orderType: 18,
  lmtPrice: 19,
  auxPrice: 20,
  tif: 21,
  account: 23,
  orderRef: 26,
  transmit: 27,
  parentId: 28,
  triggerMethod: 32,
  outsideRth: 33,
  goodAfterTime: 37,
  goodTillDate: 38,
  allOrNone: 49,
  overridePercentageConstraints: 61,
  trailStopPrice: 68,
  trailingPercent: 69,
  whatIf: 84,
  lmtPriceOffset: 92,
} as const;
type Field = keyof typeof at;
type Said = Readonly<Record<Field, string>>;

const said = (fields: readonly string[]): Said =>
  Object.fromEntries(Object.entries(at).map(([name, index]) => [name, fields[index]])) as Said;

const usd = 'USD' as Currency;
const kind = (conId: number, more: Partial<Contract>): Contract => ({
  ...{ conId: conId as ConId, primaryExchange: '', currency: usd, longName: '' },
  ...{ symbol: 'AAPL', secType: 'STK', exchange: 'SMART', ...more },
});

/** One contract of every kind, as IBKR resolves it. */
const contracts: readonly Contract[] = [
  apple,
  kind(2, {
    ...{ secType: 'OPT', expiry: '20261218', strike: decimalText('190'), right: 'C' },
    multiplier: decimalText('100'),
  }),
  kind(3, { secType: 'FUT', symbol: 'MES', exchange: 'CME', multiplier: decimalText('5') }),
  kind(4, { secType: 'CASH', symbol: 'EUR', exchange: 'IDEALPRO' }),
  kind(5, { secType: 'CRYPTO', symbol: 'ETH', exchange: 'PAXOS' }),
  kind(6, { secType: 'BOND', expiry: '20320808' }),
];

/** What the bytes say, as terms. MOO and LOO are MKT and LMT for the opening: there they are not told apart. */
function termsOf(bytes: Said): Record<string, unknown> {
  const price = (text: string) => (text === '' ? null : decimalText(text));
  const trails = bytes.orderType.startsWith('TRAIL');
  return {
    account: bytes.account,
    conId: Number(bytes.conId),
    side: bytes.action,
    quantity: decimalText(bytes.quantity),
    orderType: bytes.orderType,
    limitPrice: price(bytes.lmtPrice),
    stopPrice: price(trails ? bytes.trailStopPrice : bytes.auxPrice),
    trailingAmount: trails ? price(bytes.auxPrice) : null,
    trailingPercent: price(bytes.trailingPercent),
    limitOffset: price(bytes.lmtPriceOffset),
    tif: bytes.tif,
    goodTillDate:
      bytes.goodTillDate === ''
        ? null
        : bytes.goodTillDate.replace(/^(\d{4})(\d\d)(\d\d)-(.*)$/, '$1-$2-$3T$4.000Z'),
    outsideRth: bytes.outsideRth === '1',
    // The proposer's own limits are the gate's business: no byte says them.
    constraints: null,
  };
}

const onTheWire = (terms: OrderTerms): OrderTerms =>
  terms.orderType === 'MOO'
    ? { ...terms, orderType: 'MKT' }
    : terms.orderType === 'LOO'
      ? { ...terms, orderType: 'LMT' }
      : terms;

describe.each([178, 193])('orders at server version %i', (version) => {
  let tws: RawTws;
  let test: TestBroker;
  let lastId = 0;
  beforeAll(async () => {
    tws = await startRawTws(0, version);
    // Pacing is another test's business.
    test = await startTestBroker(tws.port, { timing: { messagesPerSecond: 1_000_000 } });
  });
  afterAll(async () => {
    test.broker.close();
    await tws.close();
  });

  async function send(
    terms: OrderTerms,
    contract: Contract = apple,
  ): Promise<{ bytes: Said; length: number; ref: string }> {
    lastId += 1;
    const order = approved(lastId, terms, { contract });
    test.broker.place(order);
    const isIt = (fields: readonly string[]): boolean =>
      fields[0] === '3' && fields[at.orderRef] === order.intentId;
    const { fields } = await until(() => tws.frames.find((frame) => isIt(frame.fields)));
    return { bytes: said(fields), length: fields.length, ref: order.intentId };
  }

  it.each(
    combinations.map((kind) => [`${kind.orderType} ${kind.tif} ${kind.fields.join(' ')}`, kind]),
  )('%s: the bytes say the terms and nothing else', async (_name, kind) => {
    for (const side of ['BUY', 'SELL'] as const) {
      const outsideRth = kind.outsideRth && kind.tif !== 'OPG' && side === 'SELL';
      const terms: OrderTerms = { ...limitBuy, ...fixedTerms(kind), side, outsideRth };
      const { bytes, length, ref } = await send(terms);
      expect(termsOf(bytes)).toEqual(onTheWire(terms));
      // The last empty text is behind the final NUL.
      expect(length).toBe((version === 178 ? 114 : 118) + 1);
      expect(bytes).toMatchObject({
        orderRef: ref,
        transmit: '1',
        goodTillDate: kind.tif === 'GTD' ? goodTill.wire : '',
        ...{ parentId: '', goodAfterTime: '', triggerMethod: '', whatIf: '' },
        ...{ allOrNone: '', overridePercentageConstraints: '' },
      });
    }
  });

  it.each(contracts)(
    '$secType: the contract goes by its conId and its market',
    async (contract) => {
      const quantity = decimalText(contract.secType === 'CRYPTO' ? '0.123456' : '2');
      const { bytes } = await send({ ...limitBuy, conId: contract.conId, quantity }, contract);
      expect(bytes).toMatchObject({
        conId: String(contract.conId),
        symbol: contract.symbol,
        secType: contract.secType,
        exchange: contract.exchange,
        currency: contract.currency,
        quantity,
        // TWS looks a contract up by its conId: what it knows itself is not said a second time.
        ...{ lastTradeDate: '', strike: '', right: '', multiplier: '', localSymbol: '' },
      });
    },
  );

  it('property: whatever valid terms are sent, the bytes read back as these terms', async () => {
    const base = { account: limitBuy.account, conId: limitBuy.conId };
    await fc.assert(
      fc.asyncProperty(anyTerms(base), async (terms) => {
        expect(termsOf((await send(terms)).bytes)).toEqual(onTheWire(terms));
      }),
      { numRuns: 200 },
    );
  });
});

describe('terms that cannot be said exactly are refused before any byte', () => {
  const trail: OrderTerms = {
    ...limitBuy,
    ...noPrices,
    orderType: 'TRAIL LIMIT',
    stopPrice: decimalText('180'),
    trailingPercent: decimalText('2'),
    limitOffset: decimalText('0.1'),
  };
  const long = decimalText('0.1234567890123456789');
  const cases: readonly (readonly [string, OrderTerms])[] = [
    ['a stop with too many digits', { ...trail, stopPrice: long }],
    ['a percentage with too many digits', { ...trail, trailingPercent: long }],
    ['an offset with too many digits', { ...trail, limitOffset: long }],
    ['a trail too small for the wire', { ...trail, limitOffset: decimalText('0.0000001') }],
    ['two trails', { ...trail, trailingAmount: decimalText('1') }],
    ['a limit that the type does not take', { ...trail, limitPrice: decimalText('1') }],
    ['no stop', { ...trail, stopPrice: null }],
    ['a time in force that the type does not take', { ...trail, tif: 'IOC' }],
    ['GTD without an end', { ...trail, tif: 'GTD' }],
    ['an end without GTD', { ...trail, goodTillDate: goodTill.instant }],
    [
      'an end between two seconds',
      { ...trail, tif: 'GTD', goodTillDate: '2026-12-18T20:59:00.500Z' as Instant },
    ],
    ['an auction outside regular hours', { ...limitBuy, tif: 'OPG', outsideRth: true }],
  ];
  it.each(cases)('%s', (_name, terms) => {
    expect(() => ibOrder(terms)).toThrow(GatewayError);
  });

  it('and the terms that they were made from are not', () => {
    expect(ibOrder(trail)).toMatchObject({ orderType: 'TRAIL LIMIT', transmit: true });
  });
});
