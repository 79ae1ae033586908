import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, ConId } from '../../src/domain/ids.ts';
import { contractRow, startRawTws, type RawTws } from '../support/raw-tws.ts';
import {
  account,
  appleId,
  approved,
  limitBuy,
  startTestBroker,
  until,
  type TestBroker,
} from '../support/test-broker.ts';

// The letters are those of reference note ibkr-protocol 1.4. A, B and E (orders) are in place.contract.test.ts.
describe.each([178, 193])('hazards of the library and of TWS at server version %i', (version) => {
  let tws: RawTws;
  let test: TestBroker;
  const start = async (options: Parameters<typeof startTestBroker>[1] = {}): Promise<void> => {
    test = await startTestBroker(tws.port, options);
  };
  beforeEach(async () => {
    tws = await startRawTws(0, version);
  });
  afterEach(async () => {
    test.broker.close();
    await tws.close();
  });
  const orderStatus = (id: number, status: string): void => {
    tws.send(11, 3, id, status, 0, 5, 0, 9000 + id, 0, 0, 11, '', 0);
  };
  const linkState = async () => (await test.broker.link()).state;

  it('C: a half-open connection is found by our own deadline and replaced', async () => {
    await start({ timing: { pingEveryMs: 100, pingDeadlineMs: 60 } });
    tws.mute = true;
    await until(() => test.broker.nextValidId() === null);
    tws.mute = false;
    await until(() => test.broker.nextValidId());
    await until(() => test.links.at(-1) === 'ready');
  });

  it('D: the reject of an order with a low id does not touch a question that is under way', async () => {
    await start();
    tws.on('9', (connection, fields) => {
      tws.send(12, 4, 2, 1, 201, 'Order rejected', '');
      tws.send(11, 4, 2, 1, 201, 'Order rejected', '');
      connection.send(52, 1, fields[2] ?? '');
      return false;
    });
    test.broker.place(approved(1));
    expect(await test.broker.resolve({ conId: 77 })).toEqual([]);
    const [error] = await until(() => {
      const found = test.events.filter((event) => event.kind === 'order-error');
      return found.length > 0 && found;
    });
    expect(error).toMatchObject({ orderId: 1, error: { code: 201, treatment: 'rejected' } });
    const ids = tws.frames.filter(({ fields }) => fields[0] === '9').map(({ fields }) => fields[2]);
    expect(ids.every((id) => Number(id) >= 1_000_000_000)).toBe(true);
  });

  it('E: control characters are refused in questions too', async () => {
    await start();
    const nul = { symbol: 'AAPL\u0000USD', secType: 'STK' } as const;
    expect(() => test.broker.resolve(nul)).toThrow(/control character/);
    expect(() => test.broker.search('AA\u0007')).toThrow(/control character/);
    expect(tws.frames.filter(({ fields }) => ['9', '81'].includes(fields[0]!))).toEqual([]);
  });

  it('F: a message that the library cannot read ends that session and nothing else', async () => {
    await start();
    tws.send(11, 4, 2, 1, 201, 'Order rejected', '{not json');
    orderStatus(4, 'Submitted');
    await until(() => test.faults.length > 0);
    expect(test.faults[0]).toBeInstanceOf(SyntaxError);
    await until(() => test.links.at(-1) === 'ready');
    orderStatus(5, 'Submitted');
    await until(() => test.events.find((event) => event.orderId === 5));
  });

  it('G: a listener that throws is reported and the next message is heard', async () => {
    await start();
    test.broker.onEvent(() => {
      throw new Error('a listener of ours');
    });
    orderStatus(1, 'PreSubmitted');
    orderStatus(1, 'Submitted');
    await until(() => test.events.length >= 2);
    expect(test.events.map((event) => event.status)).toEqual(['PreSubmitted', 'Submitted']);
    expect(test.faults).toHaveLength(2);
    expect(await linkState()).toBe('ready');
  });

  it('J: a question that is cut off is answered with BROKER_UNAVAILABLE', async () => {
    await start();
    tws.on('16', () => false);
    const asked = test.broker.workingOrders(account);
    const settled = expect(asked).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    await until(() => tws.frames.some(({ fields }) => fields[0] === '16'));
    tws.sockets.get(11)?.destroy();
    await settled;
  });

  it('K: two questions of the same kind at once get their own answers', async () => {
    await start();
    const waiting: (() => void)[] = [];
    tws.on('9', ({ send }, fields) => {
      const [reqId, conId] = [fields[2] ?? '', Number(fields[3])];
      waiting.push(() => {
        send(...contractRow(reqId, conId, `SYM${conId}`, 'USD', 'STK', version));
        send(52, 1, reqId);
      });
      // Both are asked before one is answered, and in the other order.
      if (waiting.length === 2) for (const answer of waiting.reverse()) answer();
      return false;
    });
    const [one, two] = await Promise.all([
      test.broker.resolve({ conId: 101 }),
      test.broker.resolve({ conId: 102 }),
    ]);
    expect(one.map(({ contract }) => contract.symbol)).toEqual(['SYM101']);
    expect(two.map(({ contract }) => contract.symbol)).toEqual(['SYM102']);
  });

  it('M: unknown ids, short messages and longer ones do not end the session', async () => {
    await start();
    tws.send(11, 250, 1, 2, 3);
    tws.send(11, 3, 1);
    tws.send(11, 3, 2, 'Submitted', 0, 5, 0, 9002, 0, 0, 11, '', 0, 'new field', 'another');
    await until(() => test.events.find((event) => event.orderId === 2));
    orderStatus(3, 'Submitted');
    await until(() => test.events.find((event) => event.orderId === 3));
    expect(await linkState()).toBe('ready');
  });

  it('N: messages in pieces and two in one write arrive whole', async () => {
    // Nothing else may be written between the pieces.
    await start({ timing: { pingEveryMs: 60_000, bookEveryMs: 60_000 } });
    await test.broker.findOrder('int_00000000000000000000');
    const socket = tws.sockets.get(11)!;
    const { frameOf } = await import('../support/raw-tws.ts');
    const two = Buffer.concat(
      [1, 2].map((id) => frameOf([3, id, 'Submitted', 0, 5, 0, 9000 + id, 0, 0, 11, '', 0])),
    );
    for (let at = 0; at < two.length; at += 3) {
      socket.write(two.subarray(at, at + 3));
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.write(two);
    await until(() => test.events.length === 4);
    expect(test.events.map((event) => event.orderId)).toEqual([1, 2, 1, 2]);
  });

  it('is not ready before nextValidId and managedAccounts are both there', async () => {
    tws.accounts = '';
    await start({ timing: { startDeadlineMs: 100 } });
    expect(await linkState()).not.toBe('ready');
    expect(test.broker.nextValidId()).toBeNull();
    tws.accounts = 'DU1234567';
    await until(() => test.links.at(-1) === 'ready');
  });

  it.each([
    ['live', 'DU1234567'],
    ['paper', 'U1234567'],
    ['dev', 'DU1234567,U1234567'],
  ] as const)('ENV=%s refuses the accounts %s and says so', async (environment, accounts) => {
    tws.accounts = accounts;
    await start({ environment, timing: { startDeadlineMs: 150 } });
    const link = await test.broker.link();
    expect(link.state).toBe('down');
    expect(link.detail).toContain(`ENV=${environment} must see`);
    expect(test.broker.nextValidId()).toBeNull();
  });

  it('326: waits for its own client id and never takes another one', async () => {
    const { startSimGateway } = await import('../../src/simgateway/sim-gateway.ts');
    const gateway = await startSimGateway({});
    const first = await startTestBroker(gateway.port);
    test = await startTestBroker(gateway.port, { timing: { startDeadlineMs: 150 } });
    const link = await test.broker.link();
    expect(link).toMatchObject({ state: 'down' });
    expect(link.detail).toMatch(/client id 1[12] is used by another connection \(326\)/);
    first.broker.close();
    await until(() => test.links.at(-1) === 'ready');
    test.broker.close();
    await gateway.close();
  });

  it('1100 freezes orders until 1102; 1101 also renews the subscriptions', async () => {
    await start();
    const subscriptions = () =>
      tws.frames.filter(({ fields }) => fields[0] === '6' && fields[2] === '1').length;
    await until(() => subscriptions() === 1);
    tws.send(11, 4, 2, -1, 1100, 'Connectivity between IB and TWS has been lost', '');
    await until(() => test.links.at(-1) === 'degraded');
    expect(() => {
      test.broker.place(approved(1));
    }).toThrow(/frozen/);
    tws.send(11, 4, 2, -1, 1102, 'restored', '');
    await until(() => test.links.at(-1) === 'ready');
    test.broker.place(approved(2));
    tws.send(12, 4, 2, -1, 2110, 'broken', '');
    await until(() => test.links.at(-1) === 'degraded');
    expect(() => {
      test.broker.place(approved(3));
    }).toThrow(/frozen/);
    tws.send(12, 4, 2, -1, 1101, 'restored, data lost', '');
    await until(() => test.links.at(-1) === 'ready');
    await until(() => subscriptions() === 2);
    const count = (id: string) => tws.frames.filter(({ fields }) => fields[0] === id).length;
    await until(() => count('99') >= 2);
    await until(() => count('3') >= 1);
    expect(count('3')).toBe(1);
  });

  it('events are heard while the link is degraded', async () => {
    await start();
    tws.send(11, 4, 2, -1, 1100, 'lost', '');
    orderStatus(1, 'Filled');
    await until(() => test.events.find((event) => event.status === 'Filled'));
  });

  it('a missing end marker is BROKER_NO_ANSWER, and a late one is not taken for the next answer', async () => {
    await start({ timing: { readDeadlineMs: 80, bookEveryMs: 60_000 } });
    await test.broker.workingOrders(account);
    tws.on('16', () => false);
    await expect(test.broker.workingOrders(account)).rejects.toMatchObject({
      code: 'BROKER_NO_ANSWER',
    });
    // The late marker and then the next question's own: the row between them belongs to the second answer.
    tws.on('16', ({ send }) => {
      send(53, 1);
      send(53, 1);
      return false;
    });
    expect(await test.broker.workingOrders(account)).toEqual([]);
    tws.on('16', () => true);
    expect(await test.broker.workingOrders(account)).toEqual([]);
  });

  it('a lost end marker costs at most the next question', async () => {
    await start({ timing: { readDeadlineMs: 80, bookEveryMs: 60_000 } });
    await test.broker.workingOrders(account);
    tws.on('16', () => false);
    await expect(test.broker.workingOrders(account)).rejects.toThrow();
    tws.on('16', () => true);
    await expect(test.broker.workingOrders(account)).rejects.toThrow();
    expect(await test.broker.workingOrders(account)).toEqual([]);
  });

  it('an executions answer without end marker makes an absence incomplete', async () => {
    await start({ timing: { evidenceDeadlineMs: 80 } });
    tws.on('7', () => false);
    expect(await test.broker.findOrder('int_00000000000000000000')).toMatchObject({
      found: false,
      complete: false,
    });
  });

  it('a nextValidId that goes back is shown, and lower ids than it are refused', async () => {
    tws.nextValidId = 50;
    await start();
    expect(test.broker.nextValidId()).toBe(50);
    expect(() => {
      test.broker.place(approved(49));
    }).toThrow(/order id/);
    test.broker.place(approved(50));
    tws.nextValidId = 46;
    tws.sockets.get(11)?.destroy();
    await until(() => test.broker.nextValidId() === 46);
    await until(() => test.links.at(-1) === 'ready');
    // The same process never writes an id twice, whatever TWS says.
    expect(() => {
      test.broker.place(approved(50));
    }).toThrow(/written before/);
  });

  it('comes up while TWS is away, says so, and recovers', async () => {
    const { port } = tws;
    await tws.close();
    test = await startTestBroker(port, { timing: { startDeadlineMs: 100, breakerAfter: 2 } });
    await expect.poll(async () => await linkState()).toBe('down');
    expect((await test.broker.link()).detail).toContain('TWS is not reachable');
    await expect(test.broker.portfolio(account)).rejects.toMatchObject({
      code: 'BROKER_UNAVAILABLE',
    });
    await expect(test.broker.accounts()).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    expect(() => {
      test.broker.place(approved(1));
    }).toThrow(/not ready/);
    const facts = await test.broker.facts(limitBuy);
    const known = Object.entries(facts).filter(([, fact]) => !('missing' in fact));
    expect(known.map(([name]) => name)).toEqual(['link']);
    tws = await startRawTws(port, version);
    await until(() => test.links.at(-1) === 'ready');
    expect(await test.broker.accounts()).toEqual([account]);
    expect(tws.frames.filter(({ fields }) => fields[0] === '3')).toEqual([]);
  });

  it('reconnect() drops both sessions and comes back', async () => {
    await start();
    expect(await test.broker.reconnect()).toMatchObject({ state: 'ready' });
    expect(test.links).toContain('connecting');
  });

  it('an account that is not served is ACCOUNT_UNKNOWN', async () => {
    await start({ timing: { readDeadlineMs: 200 } });
    const stranger = 'DU9999999' as AccountId;
    const unknown = { code: 'ACCOUNT_UNKNOWN' };
    await expect(test.broker.portfolio(stranger)).rejects.toMatchObject(unknown);
    await expect(test.broker.workingOrders(stranger)).rejects.toMatchObject(unknown);
    await expect(test.broker.quote(appleId)).rejects.toMatchObject({ code: 'BROKER_NO_ANSWER' });
    tws.on('9', ({ send }, fields) => {
      send(4, 2, fields[2] ?? '', 200, 'No security definition', '');
      return false;
    });
    await expect(test.broker.quote(3 as ConId)).rejects.toMatchObject({
      code: 'INSTRUMENT_UNKNOWN',
    });
  });
});
