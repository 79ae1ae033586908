// Our field tables against a client library that wrote the same layouts independently: what its encoder
// sends must use up our table exactly, what our tables send must use up its decoder exactly, at every
// version it knows.
import { Decoder } from '@stoqey/ib/dist/core/io/decoder.js';
import { Encoder } from '@stoqey/ib/dist/core/io/encoder.js';
import { describe, expect, it } from 'vitest';
import { eventLayouts, requestLayouts } from '../../src/simgateway/wire/catalogue.ts';
import { decode } from '../../src/simgateway/wire/decode.ts';
import { encode } from '../../src/simgateway/wire/encode.ts';
import type { Entry, Layout, Values } from '../../src/simgateway/wire/field-table.ts';

const versions = Array.from({ length: 94 }, (_, i) => 100 + i);

const contract = { conId: 265598, symbol: 'AAPL', secType: 'STK', exchange: 'SMART' };
const bag = {
  ...contract,
  secType: 'BAG',
  comboLegs: [{ conId: 1, ratio: 2, action: 'BUY', exchange: 'SMART' }],
};
const plain = { action: 'BUY', totalQuantity: 7, orderType: 'LMT', lmtPrice: 1.5, transmit: true };
const orders: Record<string, [object, object]> = {
  plain: [contract, plain],
  combo: [bag, { ...plain, orderComboLegs: [{ price: 1 }], smartComboRoutingParams: [] }],
  algo: [contract, { ...plain, algoStrategy: 'Vwap', algoParams: [{ tag: 'a', value: 'b' }] }],
  scale: [contract, { ...plain, scalePriceIncrement: 0.5, scaleInitLevelSize: 1 }],
  hedge: [contract, { ...plain, hedgeType: 'D', hedgeParam: 'x' }],
  neutral: [contract, { ...plain, deltaNeutralOrderType: 'MKT' }],
  ats: [
    { ...contract, exchange: 'IBKRATS' },
    { ...plain, minTradeQty: 5 },
  ],
  pegBest: [contract, { ...plain, orderType: 'PEG BEST', minCompeteSize: 5 }],
  pegMid: [contract, { ...plain, orderType: 'PEG MID', midOffsetAtWhole: 1 }],
};

/** Every request of the library that we have a table for. */
const calls: Record<string, unknown[][]> = {
  placeOrder: Object.values(orders).map(([c, o]) => [9, c, o]),
  cancelOrder: [[9, {}]],
  reqGlobalCancel: [[{}]],
  reqOpenOrders: [[]],
  reqAllOpenOrders: [[]],
  reqAutoOpenOrders: [[true]],
  reqCompletedOrders: [[false]],
  reqExecutions: [[9, {}]],
  reqAccountUpdates: [[true, 'DU1']],
  reqAccountUpdatesMulti: [[9, 'DU1', '', true]],
  cancelAccountUpdatesMulti: [[9]],
  reqPositions: [[]],
  cancelPositions: [[]],
  reqPositionsMulti: [[9, 'DU1', '']],
  cancelPositionsMulti: [[9]],
  reqAccountSummary: [[9, 'All', 'NetLiquidation']],
  cancelAccountSummary: [[9]],
  reqPnL: [[9, 'DU1', '']],
  cancelPnL: [[9]],
  reqPnLSingle: [[9, 'DU1', '', 1]],
  cancelPnLSingle: [[9]],
  reqIds: [[1]],
  reqManagedAccts: [[]],
  reqCurrentTime: [[]],
  setServerLogLevel: [[5]],
  reqUserInfo: [[9]],
  requestFA: [[1]],
  replaceFA: [[9, 1, '<x/>']],
  reqSoftDollarTiers: [[9]],
  reqFamilyCodes: [[]],
  reqNewsProviders: [[]],
  reqNewsBulletins: [[true]],
  cancelNewsBulletins: [[]],
  queryDisplayGroups: [[9]],
  subscribeToGroupEvents: [[9, 1]],
  updateDisplayGroup: [[9, 'none']],
  unsubscribeToGroupEvents: [[9]],
  reqContractDetails: [[9, contract]],
  reqMatchingSymbols: [[9, 'A']],
  reqMarketRule: [[26]],
  reqMarketDataType: [[3]],
  reqMktData: [
    [9, contract, '', false, false],
    [9, bag, '', false, false],
  ],
  cancelMktData: [[9]],
  reqHistoricalData: [
    [9, contract, '', '1 D', '1 hour', 'TRADES', 1, 1, false, []],
    [9, bag, '', '1 D', '1 hour', 'TRADES', 1, 1, false, []],
  ],
  cancelHistoricalData: [[9]],
  reqSecDefOptParams: [[9, 'AAPL', '', 'STK', 265598]],
  reqSmartComponents: [[9, 'a60001']],
  reqMktDepthExchanges: [[]],
  reqMktDepth: [[9, contract, 5, false, []]],
  cancelMktDepth: [[9, false]],
  reqHeadTimestamp: [[9, contract, 'TRADES', true, 1]],
  cancelHeadTimestamp: [[9]],
  reqHistogramData: [[9, contract, true, '3 days']],
  cancelHistogramData: [[9]],
  reqHistoricalTicks: [[9, contract, '', '', 10, 'TRADES', 1, false, []]],
  reqTickByTickData: [[9, contract, 'Last', 0, false]],
  cancelTickByTickData: [[9]],
  reqRealTimeBars: [[9, contract, 5, 'TRADES', true, []]],
  cancelRealTimeBars: [[9]],
};

/** The tokens the library would put on the wire; none when it refuses to send at this version. */
function sentBy(method: string, args: unknown[], serverVersion: number): string[] | undefined {
  let sent: (string | number | boolean | undefined)[] | undefined;
  const encoder = new Encoder({
    serverVersion,
    sendMsg: (...tokens: unknown[]) => {
      sent = tokens.flat(9) as typeof sent;
    },
    emitError: () => undefined,
    emitInfo: () => undefined,
  } as never) as unknown as Record<string, (...a: unknown[]) => void>;
  encoder[method]?.(...args);
  return sent?.map((t) => (typeof t === 'boolean' ? String(Number(t)) : String(t ?? '')));
}

describe('requests of the library', () => {
  it.each(Object.keys(calls))('%s fits our table at every version', (method) => {
    let fitted = 0;
    for (const version of versions) {
      for (const args of calls[method] ?? []) {
        const tokens = sentBy(method, args, version);
        if (tokens === undefined) continue;
        const layout = requestLayouts.find((l) => String(l.id) === tokens[0]);
        expect(layout, method).toBeDefined();
        const values = decode(layout as Layout, tokens, version);
        const count = encode(layout as Layout, values, version).length;
        expect(count, `${method} at ${version}: ${tokens.join('|')}`).toBe(tokens.length);
        fitted += 1;
      }
    }
    expect(fitted).toBeGreaterThan(0);
  });
});

/** A value for every field, so that a shift by one shows. */
function sample(entries: readonly Entry[]): Values {
  return Object.fromEntries(
    entries.map((e, i): [string, Values[string]] => {
      if (e.kind === 'list') return [e.name, e.unset === undefined ? [sample(e.rows)] : undefined];
      // The library reads as many texts as this says; our rows are flat.
      if (e.name === 'derivativeCount') return [e.name, 0];
      if (e.name === 'advancedOrderRejectJson') return [e.name, '{}'];
      if (e.kind === 'text') return [e.name, `t${i}`];
      if (e.kind === 'bool') return [e.name, true];
      return [e.name, e.kind === 'int' ? i + 1 : `${i + 1}.5`];
    }),
  );
}

function errorsOf(tokens: string[], serverVersion: number): { errors: string[]; events: number } {
  const errors: string[] = [];
  let events = 0;
  const decoder = new Decoder({
    serverVersion,
    emitError: (text: string) => {
      events += 1;
      if (/decoding|underrun|parser/i.test(text)) errors.push(text);
    },
    emitInfo: () => undefined,
    emitEvent: () => {
      events += 1;
    },
  });
  decoder.enqueueMessage(tokens);
  decoder.process();
  return { errors, events };
}

/** Versions at which the library itself misreads a message that the official clients read. */
const LIBRARY_MISREADS: Record<string, (version: number) => boolean> = {
  // It looks for modelCode by the message's version, not by the server's.
  openOrder: (version) => version >= 103 && version < 145,
  // It never skips faProfile in completed orders (reference note §1.4 L).
  completedOrder: (version) => version < 177,
};
/** Messages above the library's highest version. */
const LATER = new Set(['historicalDataEnd', 'currentTimeInMillis']);

/** What the library keeps to itself when it says nothing: an execution without an order, a tick of no kind. */
const MAY_BE_SILENT = new Set(['execution', 'tickByTick']);

describe('messages to the library', () => {
  const known = eventLayouts.filter((l) => !LATER.has(l.name));
  it.each(known.map((l) => [l.name, l] as const))('%s is used up at every version', (name, l) => {
    for (const version of versions) {
      if (LIBRARY_MISREADS[name]?.(version) === true) continue;
      for (const values of [{}, sample(l.entries)]) {
        const tokens = encode(l, { ...values, conditions: undefined, version: undefined }, version);
        const { errors, events } = errorsOf(tokens, version);
        expect(errors, `${name} at ${version}: ${tokens.join('|')}`).toEqual([]);
        if (!MAY_BE_SILENT.has(name)) expect(events).toBeGreaterThan(0);
      }
    }
  });
});
