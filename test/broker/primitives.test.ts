import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, defaultBackoff, isBreakerOpen } from '../../src/broker/ibkr/backoff.ts';
import { EventTranslator } from '../../src/broker/ibkr/broker-events.ts';
import { errorRows, meaningOf, treatmentOf } from '../../src/broker/ibkr/error-table.ts';
import { linkOf } from '../../src/broker/ibkr/link.ts';
import { fromWire, fromWireText, priceFromWire, toWire } from '../../src/broker/ibkr/numbers.ts';
import { plainText } from '../../src/broker/ibkr/plain-text.ts';
import { Ticks } from '../../src/broker/ibkr/quote-ticks.ts';
import {
  accountMismatch,
  notStarted,
  type SessionStatus,
} from '../../src/broker/ibkr/session-status.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import type { ConId } from '../../src/domain/ids.ts';
import type { BrokerEvent } from '../../src/broker/port.ts';
import { decimalText, isDecimalText } from '../../src/domain/money/decimal.ts';

describe('numbers at the border of the library', () => {
  it('unset and impossible numbers are null', () => {
    const none = [undefined, Number.MAX_VALUE, Number.NaN, Infinity, 2_147_483_647, 1e300];
    expect(none.map(fromWire)).toEqual(none.map(() => null));
    expect(['', 'n/a', 'Infinity', '1.7976931348623157E308'].map(fromWireText)).toEqual([
      ...[null, null, null, null],
    ]);
    expect([-1, 0, 1.5].map(priceFromWire)).toEqual([null, null, '1.5']);
  });

  it('the text is the shortest that reads back as the number, and always a decimal text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), (value) => {
        const text = fromWire(value);
        expect(text === null || isDecimalText(text)).toBe(true);
        // Below one a double can have more than the 18 places that a decimal text may have.
        if (Math.abs(value) >= 1 && text !== null) expect(Number(text)).toBe(value);
      }),
    );
    expect([0.1, 1e-7, -0, 189.5].map(fromWire)).toEqual(['0.1', '0.0000001', '0', '189.5']);
  });

  it('outwards, what is sent prints as exactly what was approved, or is refused', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 15n), fc.integer({ min: 0, max: 4 }), (units, places) => {
        const digits = String(units).padStart(places + 1, '0');
        const cut = digits.length - places;
        const text = decimalText(`${digits.slice(0, cut)}.${digits.slice(cut)}0`);
        expect(String(toWire(text, 'price'))).toBe(text);
      }),
    );
    for (const text of ['0.1234567890123456789', '9007199254740993', '0.0000001']) {
      expect(() => toWire(decimalText(text), 'price')).toThrow(/cannot be sent exactly/);
    }
  });
});

describe('every numeric field of an order message', () => {
  const unset = [
    Number.MAX_VALUE,
    2_147_483_647,
    2 ** 63,
    Infinity,
    -Infinity,
    Number.NaN,
    undefined,
  ];

  it('that is unset or no number is absent, whatever the others say; no text of it gets through', () => {
    const events: BrokerEvent[] = [];
    const faults: unknown[] = [];
    const translator = new EventTranslator({
      clientId: 11,
      clock: createFakeClock(),
      onEvent: (event) => events.push(event),
      servesAccount: () => true,
      onFault: (cause) => faults.push(cause),
    });
    const { openOrder, orderStatus, execDetails, commissionReport, completedOrder } =
      translator.listeners;
    const number = fc.oneof(fc.constantFrom(...unset), fc.double(), fc.integer());
    fc.assert(
      fc.property(fc.array(number, { minLength: 8, maxLength: 8 }), (n) => {
        events.length = 0;
        const order = {
          ...{ orderId: 1, permId: 9, clientId: 11, action: 'BUY', orderType: 'LMT' },
          ...{ totalQuantity: n[0], lmtPrice: n[1], filledQuantity: n[2] },
        } as never;
        const fill = { execId: 'a.01', shares: n[3], price: n[4], cumQty: n[5], avgPrice: n[6] };
        openOrder?.(1, {}, order, { status: 'Submitted' } as never);
        orderStatus?.(1, 'Submitted', n[2], n[3], n[4], 9, 0, n[5], 11);
        execDetails?.(1, {}, { ...fill, permId: 9, clientId: 11, side: 'BOT' } as never);
        commissionReport?.({ execId: 'a.01', commission: n[7], currency: 'USD' } as never);
        completedOrder?.({}, order, { status: 'Filled' } as never);
        for (const [, text] of numbersIn(events)) expect(isDecimalText(text)).toBe(true);
        expect(JSON.stringify(events)).not.toMatch(/79769|Infinity|NaN|9223372036854775808/);
        const isWhole = fromWire(n[3]) !== null && fromWire(n[4]) !== null;
        expect(events.some(({ kind }) => kind === 'execution')).toBe(isWhole);
      }),
    );
  });

  /** Every text under a name that stands for a number. */
  function numbersIn(value: unknown): readonly (readonly [string, string])[] {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const isNumber =
        /^(filled|remaining|averagePrice|quantity|price|cumulative|amount|limitPrice)$/.test(name);
      return isNumber && typeof inner === 'string' ? [[name, inner] as const] : numbersIn(inner);
    });
  }
});

describe('error table', () => {
  it('has each code once, ascending', () => {
    const codes = errorRows.map(([code]) => code);
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
  });

  it('the same code can mean another thing for a change', () => {
    expect(treatmentOf(110, 'new')).toBe('rejected');
    expect(treatmentOf(110, 'change')).toBe('unchanged');
    expect(treatmentOf(201, 'new')).toBe('rejected');
    expect(treatmentOf(201, 'change')).toBe('reconcile');
    expect(treatmentOf(202, 'change')).toBe('cancelled');
    expect(treatmentOf(399, 'new')).toBe('warning');
  });

  it('an unknown code is ambiguous and never final', () => {
    const known = new Set(errorRows.map(([code]) => code));
    for (let code = 100; code <= 10_400; code += 1) {
      if (known.has(code)) continue;
      for (const use of ['new', 'change'] as const) {
        expect(['reconcile', 'warning']).toContain(treatmentOf(code, use));
      }
    }
    expect(meaningOf(9_999)).toContain('not in our table');
  });
});

describe('back-off', () => {
  it('doubles, is spread over half its length and never exceeds the longest', () => {
    const waits = [1, 2, 3, 4].map((failures) => backoffMs(defaultBackoff, failures, 1));
    expect(waits).toEqual([250, 500, 1_000, 2_000]);
    expect(backoffMs(defaultBackoff, 1, 0)).toBe(125);
    expect(backoffMs(defaultBackoff, 5_000, 1)).toBe(defaultBackoff.longestMs);
  });

  it('five failures in a row open the breaker', () => {
    expect([4, 5].map((failures) => isBreakerOpen(defaultBackoff, failures))).toEqual([
      false,
      true,
    ]);
    expect(backoffMs(defaultBackoff, 5, 1)).toBe(defaultBackoff.longestMs);
  });
});

describe('link state of two sessions', () => {
  const ready: SessionStatus = {
    ...notStarted,
    ...{ phase: 'ready', isCaughtUp: true, reason: 'connected', detail: 'ready' },
  };
  const cases: [SessionStatus, SessionStatus, string][] = [
    [ready, ready, 'ready'],
    [{ ...ready, isCaughtUp: false }, ready, 'connecting'],
    [ready, { ...ready, isCaughtUp: false }, 'connecting'],
    [{ ...ready, brokenBy: 1100 }, ready, 'degraded'],
    [ready, { ...ready, brokenBy: 2110 }, 'degraded'],
    [{ ...ready, phase: 'waiting' }, ready, 'connecting'],
    [ready, { ...ready, phase: 'connecting' }, 'connecting'],
    [ready, { ...ready, phase: 'waiting', isDown: true }, 'down'],
    [{ ...ready, phase: 'closed', isDown: true }, { ...ready, brokenBy: 1100 }, 'down'],
  ];
  it.each(cases)('%j and %j: %s', (write, read, state) => {
    expect(linkOf(write, read).state).toBe(state);
  });
});

describe('account guard', () => {
  it.each([
    ['dev', ['DU1234567'], true],
    ['paper', ['DU1234567', 'DF7654321'], true],
    ['paper', ['U1234567'], false],
    ['live', ['U1234567'], true],
    ['live', ['DU1234567'], false],
    ['live', ['U1234567', 'DU1234567'], false],
    ['dev', [], false],
  ] as const)('%s with %j: fits is %s', (environment, accounts, fits) => {
    expect(accountMismatch(environment, accounts) === null).toBe(fits);
  });
});

describe('plain text', () => {
  it('refuses every control character and passes the rest', () => {
    for (let code = 0; code < 0x100; code += 1) {
      const text = `a${String.fromCharCode(code)}b`;
      const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
      if (isControl) expect(() => plainText(text, 'text')).toThrow(/control character/);
      else expect(plainText(text, 'text')).toBe(text);
    }
  });
});

describe('ticks', () => {
  it('fold into a quote that says how real it is', () => {
    const ticks = new Ticks();
    const conId = 1 as ConId;
    const quote = () => ticks.full(conId)?.quote;
    const needs = (trade: boolean) => ({ sides: true, trade, greeks: false });
    expect(ticks.full(conId)).toBeNull();
    ticks.price(66, 10.5, 1_000);
    ticks.price(67, 10.6, 2_000);
    expect([true, false].map((trade) => ticks.isComplete(needs(trade)))).toEqual([false, true]);
    ticks.price(75, 10.4, 3_000);
    ticks.size(69, 300);
    ticks.generic(49, 1);
    expect(ticks.isComplete(needs(true))).toBe(true);
    expect(quote()).toMatchObject({
      ...{ bid: '10.5', ask: '10.6', close: '10.4', last: null, bidSize: '300' },
      ...{ kind: 'delayed', halted: true, receivedAt: '1970-01-01T00:00:03.000Z' },
    });
    ticks.dataType(4);
    ticks.generic(49, 0);
    ticks.price(66, -1, 4_000);
    expect(quote()).toMatchObject({ kind: 'delayed-frozen', halted: false, bid: null });
  });
});
