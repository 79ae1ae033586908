import { describe, expect, it } from 'vitest';
import type { ConId } from '../../src/domain/ids.ts';
import type { ContractDetails, SecType } from '../../src/domain/instrument/contract.ts';
import type { DecimalText } from '../../src/domain/money/decimal.ts';
import { operations } from '../../src/operations/index.ts';
import { invoke } from '../../src/operations/invoke.ts';
import { contractOf, createWorld, type World } from '../support/doors-world.ts';
import { order } from '../support/operation-samples.ts';

const of = (
  conId: number,
  symbol: string,
  secType: SecType,
  more: object = {},
): ContractDetails => {
  const details = contractOf(conId, symbol);
  return { ...details, contract: { ...details.contract, secType, ...more } };
};

/** A world whose broker knows these contracts. */
function worldOf(known: readonly ContractDetails[]): World {
  const world = createWorld();
  const broker = {
    ...world.ports.broker,
    resolve: (query: { conId?: number; symbol?: string; secType?: string }) =>
      Promise.resolve(
        known.filter(({ contract }) =>
          query.conId === undefined
            ? contract.symbol === query.symbol && contract.secType === query.secType
            : contract.conId === (query.conId as ConId),
        ),
      ),
    search: () => Promise.resolve(known.map(({ contract }) => contract)),
  };
  Object.assign(world.ports.broker, broker);
  return world;
}

const run = (world: World, name: string, input: object): Promise<unknown> =>
  invoke(
    operations.find((one) => one.name === name)!,
    world.context(world.agent.principal),
    () => input,
  );

const apple = of(1, 'AAPL', 'STK', { longName: 'APPLE INC' });
const berkshire = of(2, 'BRK B', 'STK', { longName: 'BERKSHIRE HATHAWAY INC-CL B' });
const option = of(3, 'AAPL', 'OPT', {
  expiry: '20261218',
  strike: '190' as DecimalText,
  right: 'C',
  multiplier: '100' as DecimalText,
});
const twins = [of(4, 'TWIN', 'STK'), of(5, 'TWIN', 'STK')];
const index = of(6, 'SPX', 'IND', { exchange: 'CBOE' });
const known = [apple, berkshire, option, ...twins];

describe('resolving', () => {
  it.each([
    [{ conId: 1 }, { matchedBy: 'conId', score: 1 }],
    [{ symbol: 'AAPL' }, { matchedBy: 'exact', score: 1 }],
    [{ symbol: 'BRK.B' }, { matchedBy: 'fuzzy', score: 0.97 }],
    [
      { name: 'apple', secType: 'STK' },
      { matchedBy: 'fuzzy', score: 0.96 },
    ],
  ])('%j', async (input, expected) => {
    expect(await run(worldOf(known), 'instrument_resolve', input)).toMatchObject(expected);
  });

  it.each([[{ symbol: 'TWIN' }], [{ name: 'TWIN' }]])(
    '%j fits two: both are told, with scores',
    async (input) => {
      await expect(run(worldOf(known), 'instrument_resolve', input)).rejects.toMatchObject({
        code: 'INSTRUMENT_AMBIGUOUS',
        details: {
          alternatives: [
            { conId: 4, score: 1 },
            { conId: 5, score: 1 },
          ],
        },
      });
    },
  );

  it('what only resembles is told and never taken, however few there are', async () => {
    await expect(
      run(worldOf([apple]), 'instrument_resolve', { symbol: 'AAP' }),
    ).rejects.toMatchObject({
      code: 'INSTRUMENT_AMBIGUOUS',
      details: { alternatives: [{ conId: 1 }] },
    });
  });

  it('never tells more than five', async () => {
    const many = Array.from({ length: 9 }, (_, at) => of(100 + at, 'MANY', 'STK'));
    const failed = await run(worldOf(many), 'instrument_resolve', { symbol: 'MANY' }).catch(
      (error: unknown) => error as { details: { alternatives: unknown[] } },
    );
    expect((failed as { details: { alternatives: unknown[] } }).details.alternatives).toHaveLength(
      5,
    );
  });

  it('a conId and the terms of an option are right or wrong', async () => {
    const world = worldOf(known);
    const unknown = { code: 'INSTRUMENT_UNKNOWN' };
    await expect(run(world, 'instrument_resolve', { conId: 99 })).rejects.toMatchObject(unknown);
    const terms = { symbol: 'AAPLX', secType: 'OPT', expiry: '20261218' };
    await expect(run(world, 'instrument_resolve', terms)).rejects.toMatchObject(unknown);
  });

  it.each([
    [{}, '/symbol'],
    [{ conId: 1, symbol: 'AAPL' }, '/symbol'],
    [{ conId: 1, secType: 'STK' }, '/secType'],
    [{ symbol: 'AAPL', strike: '190' }, '/strike'],
    [{ symbol: 'AAPL', secType: 'OPT' }, '/expiry'],
    [{ symbol: 'ES', secType: 'FUT', right: 'C' }, '/right'],
    [{ name: 'apple', conId: 1 }, '/conId'],
    [{ isin: 'US0378331005', expiry: '202612' }, '/expiry'],
  ])('%j is refused at %s', async (input, pointer) => {
    await expect(run(worldOf(known), 'instrument_resolve', input)).rejects.toMatchObject({
      code: 'VALIDATION',
      problems: [{ pointer }],
    });
  });
});

describe('searching', () => {
  it('scores, filters and cuts', async () => {
    const world = worldOf(known);
    const all = await run(world, 'instrument_search', { pattern: 'AAPL' });
    expect(all).toMatchObject({
      matches: [{ conId: 1, score: 1 }, { conId: 3, score: 1 }, {}, {}, {}],
    });
    const options = await run(world, 'instrument_search', { pattern: 'AAPL', secType: 'OPT' });
    expect(options).toMatchObject({ matches: [{ conId: 3, strike: '190', right: 'C' }] });
    const one = await run(world, 'instrument_search', { pattern: 'AAPL', limit: 1 });
    expect(one).toMatchObject({ matches: [{ conId: 1 }] });
    const none = await run(world, 'instrument_search', { pattern: 'AAPL', currency: 'EUR' });
    expect(none).toEqual({ matches: [] });
  });
});

describe('ordering', () => {
  it.each(['simulate_order', 'evaluate_risk', 'request_approval'])(
    '%s refuses a kind that can only be looked at, by its name',
    async (name) => {
      const world = worldOf([...known, index]);
      const key = name === 'request_approval' ? { idempotencyKey: 'only-looked-at' } : {};
      const input = { ...order, ...key, instrument: { conId: 6 } };
      await expect(run(world, name, input)).rejects.toMatchObject({
        code: 'VALIDATION',
        message: expect.stringContaining('SPX is a IND') as string,
        problems: [{ pointer: '/instrument' }],
      });
      for (const secType of ['IND', 'BAG']) {
        const named = { ...order, ...key, instrument: { symbol: 'SPX', secType } };
        await expect(run(world, name, named)).rejects.toMatchObject({
          code: 'VALIDATION',
          message: expect.stringContaining('only STK, OPT, FUT, CASH, CRYPTO, BOND') as string,
        });
      }
    },
  );
});
