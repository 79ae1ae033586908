// An intent through the operations: money instead of a quantity, constraints, warnings, kinds of instruments, and every
// problem in one answer.
import { describe, expect, it } from 'vitest';
import type { ConId } from '../../src/domain/ids.ts';
import type { ContractDetails } from '../../src/domain/instrument/contract.ts';
import type { DecimalText } from '../../src/domain/money/decimal.ts';
import { operations } from '../../src/operations/index.ts';
import { invoke } from '../../src/operations/invoke.ts';
import { contractOf, createWorld, type World } from '../support/doors-world.ts';
import { order } from '../support/operation-samples.ts';

const d = (text: string) => text as DecimalText;
type Answer = Record<string, unknown> & { readonly terms: Record<string, unknown> };

const looks = ['simulate_order', 'evaluate_risk'] as const;
const all = [...looks, 'request_approval'] as const;

function call(world: World, name: string, input: Record<string, unknown>): Promise<Answer> {
  const operation = operations.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no ${name}`);
  const key = name === 'request_approval' ? { idempotencyKey: 'one-and-only-key' } : {};
  const body = JSON.parse(JSON.stringify({ ...order, ...key, ...input })) as unknown;
  return invoke(operation, world.context(world.agent.principal), () => body) as Promise<Answer>;
}

/** A world whose one contract has these details; its quote is the bid and ask given. */
function worldOf(
  more: Partial<ContractDetails> & { secType?: ContractDetails['contract']['secType'] } = {},
  quote: { bid: string | null; ask: string | null } = { bid: '189.4', ask: '189.6' },
): World & { quotes: number } {
  const world = Object.assign(createWorld(), { quotes: 0 });
  const { secType = 'STK', ...details } = more;
  const base = contractOf(265598, 'AAPL');
  const { broker } = world.ports;
  Object.assign(broker, {
    resolve: () =>
      Promise.resolve([{ ...base, ...details, contract: { ...base.contract, secType } }]),
    quote: async (conId: ConId) => {
      world.quotes += 1;
      return { ...(await createWorld().ports.broker.quote(conId)), ...quote };
    },
  });
  return world;
}

const money = (notional: string, more: object = {}) => ({ quantity: undefined, notional, ...more });
const market = { orderType: 'MKT', limitPrice: undefined } as const;

describe.each(all)('%s of an amount of money', (name) => {
  it('is the whole lots that it pays for at the limit, without asking for a quote', async () => {
    const world = worldOf();
    const { terms } = await call(world, name, money('1000', { limitPrice: '189.50' }));
    expect(terms).toMatchObject({ quantity: '5', limitPrice: '189.5' });
    expect(terms).not.toHaveProperty('notional');
    expect(world.quotes).toBe(0);
  });

  it.each([
    ['BUY', '948', '5'],
    ['BUY', '947.99', '4'],
    ['SELL', '947', '5'],
    ['SELL', '946.99', '4'],
  ])('%s %s is %s at its side of our own quote', async (side, notional, quantity) => {
    const { terms } = await call(worldOf(), name, money(notional, { side, ...market }));
    expect(terms).toMatchObject({ quantity });
  });

  it('of a stop is counted where it wakes', async () => {
    const stop = { orderType: 'STP', limitPrice: undefined, stopPrice: '200.00' };
    expect((await call(worldOf(), name, money('1000', stop))).terms).toMatchObject({
      quantity: '5',
    });
  });

  it('less than the smallest order is refused with a sentence', async () => {
    await expect(call(worldOf(), name, money('189.49'))).rejects.toMatchObject({
      code: 'QUANTITY_OFF_LOT',
      message: '189.49 USD is less than the smallest order in AAPL: 1 at 189.5.',
      problems: [{ pointer: '/notional' }],
    });
  });

  it('is refused where our quote has no such side', async () => {
    const world = worldOf({}, { bid: '189', ask: null });
    await expect(call(world, name, money('1000', market))).rejects.toMatchObject({
      code: 'VALIDATION',
      message: expect.stringContaining('an ask is missing') as string,
      problems: [{ pointer: '/notional' }],
    });
  });
});

it('a repeated proposal of money keeps the quantity of the first, whatever the market does', async () => {
  const world = worldOf();
  const first = await call(world, 'request_approval', money('1000', market));
  Object.assign(world.ports.broker, worldOf({}, { bid: '99', ask: '100' }).ports.broker);
  const again = await call(world, 'request_approval', money('1000', market));
  expect(again['intentId']).toBe(first['intentId']);
  expect(again.terms).toEqual(first.terms);
  expect(again.terms).toMatchObject({ quantity: '5' });
});

it('a repeated proposal finds the first where it would not resolve any more', async () => {
  const world = worldOf();
  const first = await call(world, 'request_approval', money('1000', market));
  // The money pays for no share now; then the broker is gone altogether.
  Object.assign(world.ports.broker, worldOf({}, { bid: '1999', ask: '2000' }).ports.broker);
  const again = await call(world, 'request_approval', money('1000', market));
  expect([again['intentId'], again.terms]).toEqual([first['intentId'], first.terms]);
  const gone = new Error('the broker is gone');
  Object.assign(world.ports.broker, { resolve: () => Promise.reject(gone) });
  expect((await call(world, 'request_approval', money('1000', market))).terms).toEqual(first.terms);
  // Another order under the key is no repetition.
  await expect(call(world, 'request_approval', money('2000', market))).rejects.toBe(gone);
});

describe.each(all)('%s with constraints', (name) => {
  it('shows them in the terms', async () => {
    const constraints = { maxSlippageBps: '25', notAfter: '2026-11-24T16:00:00-05:00' };
    const { terms } = await call(createWorld(), name, { constraints });
    expect(terms['constraints']).toEqual({
      maxSlippageBps: '25',
      maxNotional: null,
      minDailyVolume: null,
      notBefore: null,
      notAfter: '2026-11-24T21:00:00.000Z',
    });
  });

  it('shows none where none is asked', async () => {
    expect((await call(createWorld(), name, {})).terms['constraints']).toBeNull();
    expect((await call(createWorld(), name, { constraints: {} })).terms['constraints']).toBeNull();
  });
});

it('constraints are part of what a key stands for, and none is none however it is said', async () => {
  const world = createWorld();
  const first = await call(world, 'request_approval', {});
  const same = await call(world, 'request_approval', { constraints: {} });
  expect(same['intentId']).toBe(first['intentId']);
  await expect(
    call(world, 'request_approval', { constraints: { maxNotional: '1' } }),
  ).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
});

describe.each(all)('%s warns', (name) => {
  it('of a market order and of a large one', async () => {
    const { warnings } = await call(createWorld(), name, { ...market, quantity: '10000' });
    expect(warnings).toMatchObject([{ code: 'NO_WORST_PRICE' }, { code: 'LARGE_QUANTITY' }]);
  });

  it('of nothing where nothing is unusual', async () => {
    expect((await call(createWorld(), name, {}))['warnings']).toEqual([]);
  });
});

describe.each(all)('%s of another kind', (name) => {
  it('tells what the kind does not take together with ticks and lots', async () => {
    const lots = { minSize: d('1'), sizeIncrement: d('1') };
    const input = { orderType: 'MOC', limitPrice: undefined, quantity: '0.5' };
    await expect(call(worldOf({ secType: 'OPT', ...lots }), name, input)).rejects.toMatchObject({
      code: 'VALIDATION',
      message: expect.stringMatching(
        /^AAPL is a OPT: an order in OPT takes orderType MKT, LMT/,
      ) as string,
      problems: [{ pointer: '/orderType' }, { pointer: '/quantity' }],
    });
    const limit = { orderType: 'LMT', limitPrice: '189.505', tif: 'FOK', quantity: '1.5' };
    await expect(call(worldOf({ secType: 'BOND' }), name, limit)).rejects.toMatchObject({
      code: 'VALIDATION',
      problems: [{ pointer: '/tif' }, { pointer: '/limitPrice' }, { pointer: '/quantity' }],
    });
  });

  it('takes no fraction of a share, whatever the contract says', async () => {
    const world = worldOf({ minSize: d('0.0001'), sizeIncrement: d('0.0001') });
    await expect(call(world, name, { quantity: '1.5' })).rejects.toMatchObject({
      code: 'QUANTITY_OFF_LOT',
      details: { nearest: ['1', '2'], minSize: '1', sizeIncrement: '1' },
    });
  });

  it('takes a fraction of a coin', async () => {
    const coins = { minSize: d('0.0001'), sizeIncrement: d('0.00000001') };
    const world = worldOf({ secType: 'CRYPTO', ...coins });
    const { terms } = await call(world, name, { quantity: '0.12345678', tif: 'IOC' });
    expect(terms).toMatchObject({ quantity: '0.12345678', tif: 'IOC' });
  });
});
