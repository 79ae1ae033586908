import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRawTws, type RawTws } from '../support/raw-tws.ts';
import { account, approved, startTestBroker, until } from '../support/test-broker.ts';

describe('the life of the link', () => {
  let tws: RawTws;
  let test: Awaited<ReturnType<typeof startTestBroker>>;
  const start = async (timing: object = {}): Promise<void> => {
    test = await startTestBroker(tws.port, { timing });
  };
  const notice = (code: number): void => {
    for (const client of [11, 12]) tws.send(client, 4, 2, -1, code, 'text of TWS', '');
  };
  const link = () => test.broker.link();
  const isReason = (reason: string) =>
    expect.poll(async () => (await link()).reason, { timeout: 8_000 }).toBe(reason);
  const asked = (id: string) => tws.frames.filter(({ fields }) => fields[0] === id).length;
  beforeEach(async () => {
    tws = await startRawTws();
  });
  afterEach(async () => {
    test.broker.close();
    await tws.close();
  });

  it('is not ready before open orders have come to their end', async () => {
    tws.on('5', () => false);
    await start({ startDeadlineMs: 100, evidenceDeadlineMs: 60 });
    expect(await link()).toMatchObject({ state: 'connecting', reason: 'catching-up' });
    expect(test.broker.nextValidId()).toBe(1);
    expect(() => {
      test.broker.place(approved(1));
    }).toThrow(/frozen/);
    // It goes on asking, and comes up by itself.
    await until(() => asked('5') >= 3);
    tws.on('5', () => true);
    await isReason('connected');
    test.broker.place(approved(1));
  });

  it('is not ready before the portfolio was downloaded', async () => {
    tws.on('6', () => false);
    await start({ startDeadlineMs: 100, readDeadlineMs: 60 });
    const { state, detail } = await link();
    expect([state, detail.startsWith('read session:')]).toEqual(['connecting', true]);
    tws.on('6', () => true);
    await isReason('connected');
  });

  it('an executions answer without its end marker does not keep it from ready', async () => {
    tws.on('7', () => false);
    await start({ evidenceDeadlineMs: 60_000 });
    expect(await link()).toMatchObject({ state: 'ready', reason: 'connected' });
  });

  it('a lost link between TWS and IBKR outlives our own reconnect, until TWS says otherwise', async () => {
    await start();
    notice(1100);
    await isReason('ibkr-link-lost');
    for (const socket of tws.sockets.values()) socket.destroy();
    await until(() => test.broker.nextValidId() === null);
    await until(() => test.broker.nextValidId());
    await isReason('ibkr-link-lost');
    expect(() => {
      test.broker.place(approved(1));
    }).toThrow(/frozen/);
    const before = asked('5');
    notice(2104);
    await isReason('connected');
    expect(asked('5')).toBeGreaterThan(before);
  });

  it('and until TWS has said nothing more of it for long enough', async () => {
    await start({ brokenForMs: 80 });
    notice(2110);
    await isReason('server-link-lost');
    await test.broker.reconnect();
    await isReason('connected');
  });

  it('after 1102 orders wait until what was missed has been read', async () => {
    await start();
    notice(1100);
    await isReason('ibkr-link-lost');
    let answer = (): void => undefined;
    tws.on('5', ({ send }) => {
      answer = () => {
        send(53, 1);
      };
      return false;
    });
    const [executions, completed] = [asked('7'), asked('99')];
    notice(1102);
    await isReason('catching-up');
    expect(() => {
      test.broker.place(approved(1));
    }).toThrow(/frozen/);
    await until(() => asked('7') > executions && asked('99') > completed);
    answer();
    await isReason('connected');
  });

  it('accounts of another environment end the session, also when they are named later', async () => {
    await start();
    tws.send(11, 15, 1, 'U7654321');
    await isReason('accounts-refused');
    expect(await link()).toMatchObject({ state: 'down' });
    expect(test.broker.nextValidId()).toBeNull();
  });

  it('the accounts are looked at again after every reconnect', async () => {
    await start();
    tws.accounts = 'U7654321';
    for (const socket of tws.sockets.values()) socket.destroy();
    await isReason('accounts-refused');
    expect(() => {
      test.broker.place(approved(1));
    }).toThrow(/not ready/);
    tws.accounts = account;
    await isReason('connected');
  });

  it('says since when, and when it tries again; failures in a row open the breaker', async () => {
    const { port } = tws;
    await start({ breakerAfter: 3, firstMs: 20, longestMs: 60, stableMs: 60_000 });
    const ready = await link();
    expect(ready).toMatchObject({ state: 'ready', nextAttemptAt: null });
    await tws.close();
    await expect.poll(async () => (await link()).state, { timeout: 8_000 }).toBe('down');
    const down = await link();
    expect(down.reason).toBe('unreachable');
    expect(down.since >= ready.since).toBe(true);
    await expect.poll(async () => (await link()).nextAttemptAt, { timeout: 8_000 }).not.toBeNull();
    expect((await link()).since).toBe(down.since);
    expect(test.broker.numbers().connections.write).toBeGreaterThan(2);
    tws = await startRawTws(port);
    await isReason('connected');
  });
});
