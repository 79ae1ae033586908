// Orders in every kind of instrument, and orders that hang together, as a real client library sees them
// over the seeded market.
import { OptionType, OrderAction, SecType } from '@stoqey/ib';
import type { Contract } from '@stoqey/ib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInstruments } from '../../../src/simgateway/market/contract-book.ts';
import { startSimGateway } from '../../../src/simgateway/sim-gateway.ts';
import type { SimGateway } from '../../../src/simgateway/sim-gateway.ts';
import { AAPL, IbClient, order } from '../ib-client.ts';

/** Ten in the morning in New York: Frankfurt and the futures trade too. */
const TEN = Date.parse('2026-04-14T14:00:00Z');

let gateway: SimGateway;
let client: IbClient;
let nextId: number;
beforeEach(async () => {
  gateway = await startSimGateway({ clock: 'virtual', clockStart: TEN });
  client = new IbClient(gateway.port, 1);
  nextId = await client.connect();
});
afterEach(async () => {
  expect(client.decodeErrors()).toEqual([]);
  client.disconnect();
  await gateway.close();
});

const kinds: [string, Contract, number, string][] = [
  ['a stock', AAPL, 100, 'USD'],
  [
    'a stock in euros',
    { symbol: 'SAP', secType: SecType.STK, exchange: 'IBIS', currency: 'EUR' },
    ...([10, 'EUR'] as [number, string]),
  ],
  [
    'a currency pair',
    { symbol: 'EUR', secType: SecType.CASH, exchange: 'IDEALPRO', currency: 'USD' },
    ...([25_000, 'USD'] as [number, string]),
  ],
  [
    'a coin',
    { symbol: 'BTC', secType: SecType.CRYPTO, exchange: 'PAXOS', currency: 'USD' },
    ...([0.0125, 'USD'] as [number, string]),
  ],
  [
    'a future',
    {
      ...{ symbol: 'ES', secType: SecType.FUT, exchange: 'CME', currency: 'USD' },
      lastTradeDateOrContractMonth: '202606',
    },
    ...([1, 'USD'] as [number, string]),
  ],
  [
    'an option',
    {
      ...{ symbol: 'AAPL', secType: SecType.OPT, exchange: 'SMART', currency: 'USD' },
      ...{ lastTradeDateOrContractMonth: '20260515', strike: 230, right: OptionType.Call },
    },
    ...([2, 'USD'] as [number, string]),
  ],
];

describe('trading', () => {
  it.each(kinds)('fills %s and reports it whole', async (_, contract, quantity, currency) => {
    client.api.placeOrder(nextId, contract, order({ totalQuantity: quantity }));
    const report = await client.wait('commissionReport');
    expect(report.args[0]).toMatchObject({ currency });
    const execution = await client.wait('execDetails');
    expect(execution.args[1]).toMatchObject({ symbol: contract.symbol, secType: contract.secType });
    expect(execution.args[2]).toMatchObject({ shares: quantity, cumQty: quantity });
    const filled = await client.waitStatus(nextId, 'Filled');
    expect(filled.args.slice(2, 4)).toEqual([quantity, 0]);
    client.api.reqPositions();
    await client.wait('position', (a) => {
      const of = a[1] as Contract;
      return of.symbol === contract.symbol && of.secType === contract.secType && a[2] !== 0;
    });
  });

  it('answers what if for an option with finite margins and a commission', async () => {
    const [, contract] = kinds[5] ?? [];
    client.api.placeOrder(nextId, contract ?? {}, order({ whatIf: true, action: 'SELL' }));
    const state = (await client.wait('openOrder')).args[3] as Record<string, number>;
    expect(state['initMarginChange']).toBeGreaterThan(0);
    expect(state['commission']).toBe(6.5);
  });

  it('carries a bracket through: held exits, then one ends the other', async () => {
    const { control } = gateway;
    control.setQuote({ instrument: 'AAPL', bid: '200.00', ask: '200.05', last: '200.00' });
    const [parent, profit, loss] = [nextId, nextId + 1, nextId + 2];
    const exit = { action: 'SELL', parentId: parent };
    client.api.placeOrder(
      parent,
      AAPL,
      order({ orderType: 'LMT', lmtPrice: 199, transmit: false }),
    );
    client.api.placeOrder(
      profit,
      AAPL,
      order({ ...exit, orderType: 'LMT', lmtPrice: 210, transmit: false }),
    );
    client.api.placeOrder(loss, AAPL, order({ ...exit, orderType: 'STP', auxPrice: 190 }));
    const held = await client.waitStatus(loss, 'PreSubmitted');
    expect([held.args[6], held.args[9]]).toEqual([parent, 'child,trigger']);
    control.setQuote({ instrument: 'AAPL', bid: '198.90', ask: '198.95', last: '198.95' });
    await client.waitStatus(parent, 'Filled');
    control.setQuote({ instrument: 'AAPL', bid: '210.00', ask: '210.05', last: '210.00' });
    await client.waitStatus(profit, 'Filled');
    await client.waitStatus(loss, 'Cancelled');
  });

  it('reports a combination with its legs', async () => {
    const option = (strike: string) =>
      findInstruments(
        { symbol: 'AAPL', secType: 'OPT', lastTradeDate: '20260515', strike, right: 'C' },
        TEN,
      )[0]?.conId ?? 0;
    const comboLegs = [
      { conId: option('230'), ratio: 1, action: OrderAction.BUY, exchange: 'SMART' },
      { conId: option('240'), ratio: 1, action: OrderAction.SELL, exchange: 'SMART' },
    ];
    const bag = { symbol: 'AAPL', secType: SecType.BAG, exchange: 'SMART', currency: 'USD' };
    client.api.placeOrder(nextId, { ...bag, comboLegs }, order({ totalQuantity: 1 }));
    await client.waitStatus(nextId, 'Filled');
    const executions = client.seen.filter((s) => s.event === 'execDetails');
    expect(executions.map((s) => (s.args[1] as Contract).secType)).toEqual(['BAG', 'OPT', 'OPT']);
    const opened = await client.wait('openOrder');
    expect((opened.args[1] as Contract).comboLegs).toHaveLength(2);
  });
});
