// What account subscriptions are told, at first and later, and the requests about the user.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimGateway } from '../../src/simgateway/sim-gateway.ts';
import type { SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { OPEN_INSTANT } from './ib-client.ts';
import { frame, placeOrderFields, RawClient } from './raw-client.ts';

const V = 193;
const FIRST = 'DU1';
const SECOND = 'DU2';
let gateway: SimGateway;
let client: RawClient;

beforeEach(async () => {
  gateway = await startSimGateway({
    clockStart: OPEN_INSTANT,
    accounts: [FIRST, SECOND],
    pacing: false,
  });
  gateway.sim.clock.set({ running: false });
  client = new RawClient(gateway.port);
  await client.start(V, 1);
});
afterEach(async () => {
  client.close();
  await gateway.close();
});

const all = (id: number, test: (f: string[]) => boolean = () => true) =>
  client.frames.slice(1).filter((f) => f[0] === String(id) && test(f));
const errorOf = (id: number, code: number) =>
  client.message(4, (f) => f[2] === String(id) && f[3] === String(code));
/** Sends, and returns what came back before the answer to a question sent after it. */
async function ask(...fields: (string | number)[]): Promise<string[][]> {
  return during(() => client.socket.write(frame(...fields)));
}
async function during(action: () => unknown): Promise<string[][]> {
  const before = client.frames.length;
  const times = all(49).length;
  await action();
  client.socket.write(frame(49, 1));
  await client.until(() => all(49).length > times);
  return client.frames.slice(before).filter((f) => f[0] !== '49');
}
const ids = (frames: string[][]) => [...new Set(frames.map((f) => Number(f[0])))];
const buy = (account: string) =>
  frame(
    ...placeOrderFields(V, {
      1: gateway.sim.store.nextId(1),
      2: 265598,
      4: 'STK',
      9: 'SMART',
      11: 'USD',
      16: 'BUY',
      17: 5,
      18: 'MKT',
      21: 'DAY',
      23: account,
      27: 1,
      84: 0,
      89: 0,
    }),
  );
const filled = async (account: string) => {
  const before = all(59).length;
  client.socket.write(buy(account));
  await client.until(() => all(59).length > before);
};

describe('positions of several accounts', () => {
  it('lists those of one account or of all, then ends', async () => {
    const one = await ask(74, 1, 7, FIRST, '');
    expect(ids(one)).toEqual([71, 72]);
    expect(one[0]).toHaveLength(18);
    expect(one.every((f) => f[2] === '7')).toBe(true);
    expect(ids(await ask(74, 1, 8, SECOND, ''))).toEqual([72]);
    expect((await ask(74, 1, 9, 'All', '')).length).toBe(one.length);
    expect(ids(await ask(74, 1, 10, FIRST, 'Growth'))).toEqual([72]);
  });

  it('tells of a fill at once, until it is cancelled', async () => {
    await ask(74, 1, 7, SECOND, '');
    const told = await during(() => filled(SECOND));
    expect(told.filter((f) => f[0] === '71').map((f) => [f[2], f[3], f[15]])).toEqual([
      ['7', SECOND, '5'],
    ]);
    await ask(75, 1, 7);
    expect(ids(await during(() => filled(SECOND)))).not.toContain(71);
  });

  it('refuses an account that is not there', async () => {
    await ask(74, 1, 7, 'DU9', '');
    expect((await errorOf(7, 321))[4]).toContain('DU9');
    await ask(76, 1, 8, 'DU9', '', 0);
    await errorOf(8, 321);
  });
});

describe('account values of several accounts', () => {
  it('lists them by account, only ledger and net liquidation when so asked', async () => {
    const rows = await ask(76, 1, 7, SECOND, '', 0);
    expect(ids(rows)).toEqual([73, 74]);
    expect(rows[0]).toHaveLength(8);
    expect(rows.some((f) => f[5] === 'BuyingPower')).toBe(true);
    const ledger = await ask(76, 1, 8, '', '', 1);
    const keys = new Set(ledger.map((f) => f[5]));
    expect(keys).toContain('NetLiquidation');
    expect(keys).toContain('CashBalance');
    expect(keys).not.toContain('BuyingPower');
    expect(new Set(ledger.slice(0, -1).map((f) => f[3]))).toEqual(new Set([FIRST, SECOND]));
  });

  it('tells at once what a fill changed, and nothing else', async () => {
    const before = await ask(76, 1, 7, SECOND, '', 0);
    const told = (await during(() => filled(SECOND))).filter((f) => f[0] === '73');
    const known = new Map(before.map((f) => [`${f[5]}|${f[7]}`, f[6]]));
    expect(told.length).toBeGreaterThan(3);
    expect(told.every((f) => known.get(`${f[5]}|${f[7]}`) !== f[6])).toBe(true);
    expect(told.map((f) => f[5])).toContain('CashBalance');
    await ask(77, 1, 7);
    expect(ids(await during(() => filled(SECOND)))).not.toContain(73);
  });
});

describe('account summary', () => {
  const rowsOf = (frames: string[][]) => frames.filter((f) => f[0] === '63');

  it('gives the ledger of the base currency, of one currency, or of all', async () => {
    const currencies = (frames: string[][]) => new Set(rowsOf(frames).map((f) => f[6]));
    const base = await ask(62, 1, 1, 'All', '$LEDGER');
    expect(currencies(base)).toEqual(new Set(['BASE']));
    await ask(63, 1, 1);
    expect(currencies(await ask(62, 1, 2, 'All', '$LEDGER:USD'))).toEqual(new Set(['USD']));
    await ask(63, 1, 2);
    expect(ids(await ask(62, 1, 3, 'All', '$LEDGER:EUR'))).toEqual([64]);
    await ask(63, 1, 3);
    const both = currencies(await ask(62, 1, 4, 'All', 'NetLiquidation,$LEDGER:ALL'));
    expect(both).toEqual(new Set(['USD', 'BASE']));
  });

  it('gives the tags asked for, of every account', async () => {
    const rows = rowsOf(await ask(62, 1, 1, 'All', 'NetLiquidation,BuyingPower'));
    expect(rows.map((f) => [f[3], f[4]])).toEqual([
      [FIRST, 'BuyingPower'],
      [FIRST, 'NetLiquidation'],
      [SECOND, 'BuyingPower'],
      [SECOND, 'NetLiquidation'],
    ]);
  });

  it('pushes changes after three minutes of exchange time, and only changes', async () => {
    await ask(62, 1, 1, 'All', 'NetLiquidation,AccountType');
    const early = await during(() => {
      gateway.sim.clock.advance(179_000);
    });
    expect(ids(early)).not.toContain(63);
    const due = rowsOf(
      await during(() => {
        gateway.sim.clock.advance(2000);
      }),
    );
    expect(due.map((f) => f[4])).toEqual(['NetLiquidation']);
    expect(due[0]?.[3]).toBe(FIRST);
  });

  it('allows two, and refuses a third and an unknown group', async () => {
    await ask(62, 1, 1, 'All', 'NetLiquidation');
    await ask(62, 1, 2, 'All', 'NetLiquidation');
    await ask(62, 1, 3, 'All', 'NetLiquidation');
    await errorOf(3, 322);
    await ask(63, 1, 2);
    await ask(62, 1, 4, 'Family', 'NetLiquidation');
    await errorOf(4, 321);
  });
});

describe('account updates', () => {
  it('are per account: everything, then changes on a fill and after three minutes', async () => {
    const first = await ask(6, 2, 1, FIRST);
    expect(ids(first)).toEqual([6, 7, 8, 54]);
    expect(new Set(first.filter((f) => f[0] === '6').map((f) => f[5]))).toEqual(new Set([FIRST]));
    expect(ids(await during(() => filled(SECOND)))).not.toContain(6);
    const onFill = await during(() => filled(FIRST));
    expect(ids(onFill)).toEqual(expect.arrayContaining([6, 7, 8]));
    expect(onFill.filter((f) => f[0] === '7')).toHaveLength(1);
    const later = await during(() => {
      gateway.sim.clock.advance(181_000);
    });
    expect(ids(later)).toEqual(expect.arrayContaining([6, 7, 8]));
    expect(later.filter((f) => f[0] === '6').length).toBeLessThan(
      first.filter((f) => f[0] === '6').length,
    );
    await ask(6, 2, 0, FIRST);
    const silent = await during(() => {
      gateway.sim.clock.advance(200_000);
    });
    expect(ids(silent)).not.toContain(6);
  });
});

describe('profit', () => {
  it('comes at once, then every second in which it changed', async () => {
    expect(ids(await ask(92, 7, FIRST, ''))).toEqual([94]);
    expect(ids(await during(() => undefined))).toEqual([]);
    const moved = await during(() => {
      gateway.sim.clock.advance(60_000);
    });
    const values = moved.filter((f) => f[0] === '94').map((f) => f.join('|'));
    expect(values.length).toBeGreaterThan(0);
    expect(values.every((v, i) => v !== values[i - 1])).toBe(true);
    await ask(93, 7);
    const after = await during(() => {
      gateway.sim.clock.advance(60_000);
    });
    expect(ids(after)).not.toContain(94);
  });
});

describe('requests about the user', () => {
  it('have the answers of a gateway of an individual', async () => {
    expect(await ask(80)).toEqual([['78', '2', FIRST, '', SECOND, '']]);
    expect(await ask(79, 7)).toEqual([['77', '7', '0']]);
    expect(await ask(85)).toEqual([['85', '0']]);
    expect(await ask(104, 7)).toEqual([['107', '7', '']]);
    expect(await ask(17, 1)).toEqual([['15', '1', `${FIRST},${SECOND}`]]);
    expect(await ask(14, 1, 5)).toEqual([]);
    expect(await ask(12, 1, 1)).toEqual([]);
  });

  it('links windows by groups', async () => {
    expect(await ask(67, 1, 7)).toEqual([['67', '1', '7', '1|2|3|4|5|6|7']]);
    expect(await ask(68, 1, 8, 2)).toEqual([['68', '1', '8', 'none']]);
    expect(await ask(69, 1, 8, '265598@SMART')).toEqual([['68', '1', '8', '265598@SMART']]);
    await ask(70, 1, 8);
    await ask(69, 1, 8, 'none');
    await errorOf(8, 321);
  });

  it('are refused where they are an advisor’s or a linked program’s, with the id they carry', async () => {
    await ask(18, 1, 1);
    expect((await errorOf(-1, 321))[4]).toContain('non FA customers');
    await ask(19, 1, 1, '<x/>', 77);
    await errorOf(77, 321);
    for (const message of [
      [65, 1, 'a', 'b'],
      [66, 1, 'a'],
      [72, 1, 'a', 'b', 'c'],
      [73, 1, 'a', 'b'],
    ]) {
      expect(ids(await ask(...message))).toEqual([4]);
    }
  });
});

describe('what is not understood', () => {
  it('is answered with the request id wherever one can be found, and the connection lives', async () => {
    await ask(52, 2, 4711, 'rest');
    await errorOf(4711, 321);
    await ask(22, 4712, 'rest');
    await errorOf(4712, 321);
    await ask(9999, 5);
    await ask('word');
    await ask('');
    expect(all(4, (f) => f[2] === '-1' && f[3] === '321').length).toBe(3);
    await ask(62, 1, 4713);
    expect((await errorOf(4713, 320))[4]).toContain('reqAccountSummary.group');
    await ask(3, 4714, 'x');
    await errorOf(4714, 320);
    await ask(62, 1, 'x');
    await errorOf(-1, 320);
    expect(client.isClosed).toBe(false);
  });

  it('includes requests before the API is started', async () => {
    const early = new RawClient(gateway.port);
    early.socket.write(
      Buffer.concat([Buffer.from('API\0\0\0\0\x09v100..193'), frame(49, 1), frame(71, 2, 5, '')]),
    );
    await early.message(4, (f) => f[3] === '321');
    await early.message(9);
    early.close();
  });
});
