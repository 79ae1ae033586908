import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breachTerms, findBreaches } from '../../../src/domain/approval/breaches.ts';
import type { DecimalText } from '../../../src/domain/money/decimal.ts';
import type { Instant } from '../../../src/domain/time/instant.ts';
import type { LinkState } from '../../../src/domain/risk/facts.ts';
import { breachesOf, sign } from './signed-case.ts';
import {
  aapl,
  d,
  gateCase,
  gone,
  known,
  now,
  position,
  recent,
  secondsAgo,
  type Change,
} from '../gate-facts.ts';

const link = (state: LinkState['state']) => ({
  facts: {
    link: known({
      state,
      since: now,
      reason: 'unreachable',
      detail: '',
      nextAttemptAt: null,
    } as const),
  },
});

describe('breaches', () => {
  it('are none where nothing changed', () => {
    expect(breachesOf()).toEqual([]);
    expect(breachesOf({ terms: { side: 'SELL' } }, sign({ terms: { side: 'SELL' } }))).toEqual([]);
  });

  it('are none for what may change: another quote within the band, another generation', () => {
    expect(
      breachesOf({ quote: { bid: d(201), ask: d('201.5') }, portfolio: { generation: 99 } }),
    ).toEqual([]);
  });

  const cases: readonly (readonly [string, Change, string, string])[] = [
    ['a link that is down', link('down'), 'link', 'down'],
    ['a link that is degraded', link('degraded'), 'link', 'degraded'],
    ['a link that nobody knows of', { facts: { link: gone } }, 'link', 'missing: not there'],
    ['another account', { facts: { account: 'DU9' as never } }, 'account', 'DU9'],
    ['no contract', { facts: { contract: gone } }, 'contract', 'missing: not there'],
    ['another conId', { contract: { conId: 1 as never } }, 'contract.conId', '1'],
    ['another symbol', { contract: { symbol: 'APPL' } }, 'contract.symbol', 'APPL'],
    ['another exchange', { contract: { exchange: 'IBKRATS' } }, 'contract.exchange', 'IBKRATS'],
    ['another currency', { contract: { currency: 'CAD' as never } }, 'contract.currency', 'CAD'],
    ['another expiry', { contract: { expiry: '20261218' } }, 'contract.expiry', '20261218'],
    ['another strike', { contract: { strike: d(190) } }, 'contract.strike', '190'],
    ['another right', { contract: { right: 'P' } }, 'contract.right', 'P'],
    ['another multiplier', { contract: { multiplier: d(10) } }, 'contract.multiplier', '10'],
    [
      'lots of ten',
      { details: { sizeIncrement: d(10) } },
      'quantity',
      'ordered from 1 in steps of 10',
    ],
    ['no quote', { facts: { quote: gone } }, 'quote', 'missing: not there'],
    ['a quote of something else', { quote: { conId: 1 as never } }, 'quote.conId', '1'],
    ['an old quote', { quote: { receivedAt: secondsAgo(6) } }, 'quote.age', '6000 ms'],
    ['a quote from the future', { quote: { receivedAt: secondsAgo(-6) } }, 'quote.age', '-6000 ms'],
    ['a quote of no time', { quote: { receivedAt: 'x' as never } }, 'quote.age', 'NaN ms'],
    ['a halt', { quote: { halted: true } }, 'quote.halted', 'halted'],
    ['no ask', { quote: { ask: null } }, 'price.ask', 'not quoted'],
    ['an ask that is no number', { quote: { ask: 'NaN' as DecimalText } }, 'price.ask', 'NaN'],
    ['no portfolio', { facts: { portfolio: gone } }, 'position', 'missing: not there'],
    ['a position that changed', { positions: [position(aapl, 39)] }, 'position', '39'],
    ['a position that is gone', { positions: [] }, 'position', '0'],
    ['a position that flipped', { positions: [position(aapl, -40)] }, 'position', '-40'],
    [
      'no working orders',
      { facts: { workingOrders: gone } },
      'verdict',
      'deny: R0 cannot-evaluate',
    ],
    [
      'a rule that denies now',
      { ledger: { recentIntents: [recent()] } },
      'verdict',
      'deny: R15 deny',
    ],
  ];
  for (const [name, change, term, text] of cases) {
    it(`names ${name}`, () => {
      const found = breachesOf(change).find((breach) => breach.term === term);
      expect(found?.now.startsWith(text), JSON.stringify(found)).toBe(true);
      expect(found?.signed).not.toBe(found?.now);
    });
  }

  it('names another policy, signed and now', () => {
    const found = breachesOf({ policy: { version: 'other' } });
    expect(found.map((breach) => breach.term)).toEqual(['policy']);
    expect(found[0]?.signed).toMatch(/^sha256:/);
  });

  it('names a verdict over another policy than the one in force', () => {
    const { facts, policy } = gateCase();
    const envelope = sign();
    const verdict = { ...envelope.verdict, policyHash: 'sha256:other' };
    expect(findBreaches(envelope, facts, verdict, policy).map((b) => b.term)).toEqual(['policy']);
  });

  it('does not let a signature over a denial through', () => {
    const envelope = sign();
    const denied = { ...envelope, verdict: { ...envelope.verdict, outcome: 'deny' as const } };
    expect(breachesOf({}, denied).map((breach) => breach.term)).toEqual(['verdict']);
  });

  it('does not let a contract through that is not the one of the terms', () => {
    const envelope = sign();
    const swapped = { ...envelope, contract: { ...envelope.contract, conId: 1 as never } };
    expect(breachesOf({}, swapped).map((breach) => breach.term)).toContain('contract');
  });

  it('finds nothing inside the empty band', () => {
    const envelope = { ...sign(), priceBand: { low: d(0), high: d(0) } };
    expect(breachesOf({}, envelope).map((breach) => breach.term)).toEqual(['price.ask']);
  });

  it('both bounds of the band are inside, a cent beyond is not', () => {
    const at = (ask: string) =>
      breachesOf({ quote: { bid: d(Number(ask) - 0.2 < 0 ? 1 : 198), ask: d(ask) } }).filter(
        (breach) => breach.term === 'price.ask',
      );
    expect(at('198.09')).toEqual([]);
    expect(at('202.11')).toEqual([]);
    expect(at('198.08')).toHaveLength(1);
    expect(at('202.12')).toHaveLength(1);
  });

  it('have terms that begin with a word of the closed list', () => {
    const found = cases.flatMap(([, change]) => breachesOf(change).map(({ term }) => term));
    const first = found.map((term) => term.split('.')[0]);
    expect(breachTerms).toEqual(expect.arrayContaining(first));
  });
});

describe('orders that wait', () => {
  const stop: Change = {
    terms: { side: 'SELL', orderType: 'STP', limitPrice: null, stopPrice: d('199.5') },
  };
  const later = (bid: string, last: string): Change => ({
    ...stop,
    quote: { bid: d(bid), ask: d(200), last: d(last) },
  });
  const stopsOf = (fresh: Change, envelope = sign(stop)) =>
    breachesOf(fresh, envelope).filter(({ term }) => term === 'stopPrice');

  it('may still go where the market is a cent before the stop', () => {
    expect(breachesOf(later('199.51', '199.51'), sign(stop))).toEqual([]);
  });

  it('are another order where the market has reached the stop since, by quote or by trade', () => {
    expect(stopsOf(later('199.5', '199.7'))).toEqual([
      {
        term: 'stopPrice',
        signed: '199.5, not reached',
        now: 'reached: bid 199.5, ask 200, last 199.7',
      },
    ]);
    expect(stopsOf(later('199.7', '199.5'))).toHaveLength(1);
  });

  it('were awake already when they were signed: then nothing has changed', () => {
    const awake: Change = { terms: { ...stop.terms, stopPrice: d(200) } };
    expect(breachesOf(awake, sign(awake))).toEqual([]);
  });

  it('have no price where their quote is gone', () => {
    expect(breachesOf({ ...stop, facts: { quote: gone } }, sign(stop))).toContainEqual(
      expect.objectContaining({ term: 'quote' }),
    );
    expect(stopsOf({ ...stop, quote: { ask: null } })).toHaveLength(1);
  });

  it('are held to the ticks of today', () => {
    const coarse = { ...stop, details: { priceIncrements: [{ lowEdge: d(0), increment: d(1) }] } };
    expect(stopsOf(coarse)).toEqual([
      { term: 'stopPrice', signed: '199.5', now: 'no multiple of the minimum variation' },
    ]);
  });

  const till = '2026-11-24T15:04:00.000Z' as Instant;
  const gtd: Change = { terms: { tif: 'GTD', goodTillDate: till } };
  const atMarketTime = (change: Change, time: string): Change => ({
    ...change,
    facts: { marketTime: known(time as Instant) },
  });
  it('have an end that must be ahead on the market clock', () => {
    const found = (time: string) =>
      breachesOf(atMarketTime(gtd, time), sign(gtd)).map(({ term }) => term);
    expect(found('2026-11-24T15:03:59.999Z')).toEqual([]);
    expect(found(till)).toEqual(['goodTillDate', 'verdict']);
  });

  it('miss the auction after its cut-off, and the difference is told', () => {
    const moc: Change = { terms: { orderType: 'MOC', limitPrice: null } };
    expect(breachesOf(atMarketTime(moc, '2026-11-24T20:49:59.000Z'), sign(moc))).toEqual([]);
    const [late] = breachesOf(atMarketTime(moc, '2026-11-24T20:50:00.000Z'), sign(moc));
    expect(late).toEqual({
      term: 'verdict',
      signed: 'pass',
      now: 'deny: R5 deny (2026-11-24 15:50 US/Eastern; before 2026-11-24 15:50, the cut-off of the closing auction)',
    });
  });

  it('are not sent where their terms do not go together', () => {
    const envelope = sign();
    const odd = { ...envelope, terms: { ...envelope.terms, stopPrice: d(1) } };
    expect(breachesOf({}, odd)).toContainEqual({
      term: 'stopPrice',
      signed: '1',
      now: 'an order of type LMT takes no stopPrice',
    });
  });
});

describe('properties', () => {
  const names = [
    'link',
    'contract',
    'quote',
    'portfolio',
    'workingOrders',
    'marketTime',
    'fxToBase',
  ];

  it('any missing fact that the order rests on is a breach', () => {
    fc.assert(
      fc.property(fc.subarray(names, { minLength: 1 }), (missing) => {
        const facts = Object.fromEntries(missing.map((name) => [name, gone]));
        expect(breachesOf({ facts }).length).toBeGreaterThan(0);
      }),
    );
  });

  it('the price is a breach exactly outside the band, for either side', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('BUY' as const, 'SELL' as const),
        fc.integer({ min: 19_000, max: 21_000 }),
        (side, cents) => {
          const terms = { side };
          const price = d(cents / 100);
          const fresh: Change = { terms, quote: { bid: price, ask: price } };
          const envelope = sign({ terms });
          const inside =
            cents / 100 >= Number(envelope.priceBand.low) &&
            cents / 100 <= Number(envelope.priceBand.high);
          const found = breachesOf(fresh, envelope).some((b) => b.term.startsWith('price.'));
          expect(found).toBe(!inside);
        },
      ),
    );
  });

  it('any other position is a breach', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200, max: 200 }), (quantity) => {
        const found = breachesOf({ positions: [position(aapl, quantity)] });
        expect(found.some((breach) => breach.term === 'position')).toBe(quantity !== 40);
      }),
    );
  });
});
