import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completedOrder } from '../../src/simgateway/wire/completed-order.ts';
import { decode, WireError } from '../../src/simgateway/wire/decode.ts';
import { encode } from '../../src/simgateway/wire/encode.ts';
import * as events from '../../src/simgateway/wire/events.ts';
import { bool, decimal, int, list, message, text } from '../../src/simgateway/wire/field-table.ts';
import type { Layout } from '../../src/simgateway/wire/field-table.ts';
import {
  encodeFrame,
  FrameReader,
  FramingError,
  splitFields,
} from '../../src/simgateway/wire/framing.ts';
import { negotiateVersion, parseVersionRange } from '../../src/simgateway/wire/handshake.ts';
import { openOrder } from '../../src/simgateway/wire/open-order.ts';
import { placeOrder } from '../../src/simgateway/wire/place-order.ts';
import * as requests from '../../src/simgateway/wire/requests.ts';

const sample = message('sample', 1, [
  int('id'),
  text('old', { until: 150 }),
  decimal('price', { from: 150, unset: '0' }),
  bool('flag'),
  int('behindFlag', { when: (v) => v.flag === true }),
  list('rows', [text('a'), int('b', { from: 160 })]),
]);

describe('a field table', () => {
  it('gates fields by version, in both directions', () => {
    const values = { id: 5, old: 'x', price: '1.50', flag: true, behindFlag: 9 };
    const rows = [{ a: 'one', b: 1 }];
    expect(encode(sample, { ...values, rows }, 149)).toEqual('1,5,x,1,9,1,one'.split(','));
    expect(encode(sample, { ...values, rows }, 160)).toEqual('1,5,1.50,1,9,1,one,1'.split(','));
    expect(decode(sample, '1,5,1.50,1,9,1,one,1'.split(','), 160)).toEqual({
      id: 5,
      price: '1.50',
      flag: true,
      behindFlag: 9,
      rows,
    });
    expect(encode(sample, {}, 160)).toEqual(['1', '', '0', '', '0']);
  });

  it.each([
    ['empty', ['', '', '', '0']],
    ['sentinels', ['2147483647', '1.7976931348623157E308', '', '']],
    ['64-bit sentinel', ['9223372036854775807', '1.7976931348623157e+308', '', '0']],
  ])('reads %s as unset', (_, fields) => {
    expect(decode(sample, ['1', ...fields], 160)).toEqual({ rows: [] });
  });

  it('reads an infinite offset as official and Python clients write it', () => {
    for (const word of ['Infinity', 'Infinite']) {
      const values = decode(sample, ['1', '5', word, '2147483647', '0'], 160);
      expect(values).toEqual({ id: 5, price: 'Infinity', rows: [] });
    }
  });

  it.each([
    ['a short frame', ['5', '1.5']],
    ['a word for a number', ['five', '1.5', '0', '0']],
    ['a word for a price', ['5', '1.5x', '0', '0']],
    ['an odd boolean', ['5', '1.5', 'maybe', '0']],
    ['an absurd count', ['5', '1.5', '0', '999999999']],
    ['a negative count', ['5', '1.5', '0', '-1']],
  ])('refuses %s', (_, fields) => {
    expect(() => decode(sample, ['1', ...fields], 160)).toThrow(WireError);
  });

  it('ignores surplus fields', () => {
    expect(decode(sample, ['1', '5', '1.5', '0', '0', 'more'], 160)).toMatchObject({ id: 5 });
  });

  it('never lets text add a field, and escapes what is not ASCII from 153 on', () => {
    expect(encode(sample, { id: 1, rows: [{ a: 'x\0y' }] }, 160)).toContain('xy');
    expect(encode(events.error, { text: 'caf\u00e9' }, 193)).toContain('caf\\u00e9');
    expect(encode(events.error, { text: 'caf\u00e9' }, 152)).toContain('caf\u00e9');
  });
});

describe('message layouts', () => {
  it.each<[Layout, number[]]>([
    [placeOrder, [114, 118, 119]],
    [openOrder, [135, 141, 156]],
    [completedOrder, [100, 102, 103]],
    [events.error, [6, 6, 6]],
    [events.orderStatus, [12, 12, 12]],
    [events.execution, [32, 32, 33]],
    [requests.cancelOrder, [4, 5, 5]],
    [requests.reqGlobalCancel, [2, 3, 3]],
    [requests.reqExecutions, [10, 10, 12]],
  ])('$name has its field count at 178, 193 and 200', (layout, counts) => {
    expect([178, 193, 200].map((version) => encode(layout, {}, version).length)).toEqual(counts);
  });

  it.each([157, 163, 177, 178, 183, 189, 193, 199, 200])('place order round trip at %i', (v) => {
    fc.assert(
      fc.property(
        fc.record({
          orderId: fc.nat(2 ** 30),
          symbol: fc.stringMatching(/^[A-Z]{1,5}$/),
          lmtPrice: fc.nat(1_000_000).map((n) => `${n}.25`),
          orderRef: fc.stringMatching(/^[ -~]{1,40}$/),
          transmit: fc.boolean(),
          conditions: fc.array(fc.constant({ type: 1, isMore: true, value: '5', conId: 7 }), {
            maxLength: 2,
          }),
          comboLegs: fc.constant(undefined),
        }),
        (order) => {
          const decoded = decode(placeOrder, encode(placeOrder, order, v), v);
          for (const name of ['orderId', 'symbol', 'lmtPrice', 'orderRef', 'transmit'] as const) {
            expect(decoded[name]).toBe(order[name]);
          }
          expect(decoded.conditions).toEqual(order.conditions);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('framing', () => {
  it('gives back the fields however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.stringMatching(/^[^\0]*$/), { minLength: 1, maxLength: 5 }), {
          maxLength: 5,
        }),
        fc.integer({ min: 1, max: 7 }),
        (messages, step) => {
          const bytes = Buffer.concat(messages.map(encodeFrame));
          const reader = new FrameReader();
          const got: string[][] = [];
          for (let at = 0; at < bytes.length; at += step) {
            reader.push(bytes.subarray(at, at + step));
            for (let body = reader.next(); body !== undefined; body = reader.next()) {
              got.push(splitFields(body));
            }
          }
          expect(got).toEqual(messages);
        },
      ),
    );
  });

  it('refuses impossible lengths', () => {
    const reader = new FrameReader();
    reader.push(Buffer.from([1, 0, 0, 0]));
    expect(() => reader.next()).toThrow(FramingError);
  });
});

describe('the version handshake', () => {
  it.each([
    ['v100..193', 200, 193],
    ['v157..178', 200, 178],
    ['v100..225', 200, 200],
    ['v100..225 +PACEAPI', 178, 178],
    ['v150', 200, 150],
    ['v38..99', 200, undefined],
    ['v201..225', 200, undefined],
  ])('%s capped at %i gives %s', (hello, cap, version) => {
    const range = parseVersionRange(hello);
    expect(range && negotiateVersion(range, cap)).toBe(version);
  });

  it.each(['', 'v', '100', 'vx..y', 'v1..2..3'])('does not take %j', (hello) => {
    expect(parseVersionRange(hello)).toBeUndefined();
  });
});
