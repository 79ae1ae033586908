import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReadPortClient } from '../../src/broker/read-port/client.ts';
import { startReadPort, type ReadPort } from '../../src/broker/read-port/server.ts';
import type { AccountId } from '../../src/domain/ids.ts';
import { startSimGateway, type SimGateway } from '../../src/simgateway/sim-gateway.ts';
import {
  account,
  appleId,
  limitBuy,
  startTestBroker,
  type TestBroker,
} from '../support/test-broker.ts';

const secret = 'a-secret-of-some-length';

describe('the read port', () => {
  let gateway: SimGateway;
  let test: TestBroker;
  let port: ReadPort;
  const faults: unknown[] = [];
  let baseUrl = '';
  beforeAll(async () => {
    gateway = await startSimGateway({ clockStart: Date.parse('2026-11-24T15:00:00Z') });
    test = await startTestBroker(gateway.port);
    port = await startReadPort({
      broker: test.broker,
      secret,
      port: 0,
      onFault: (cause) => faults.push(cause),
    });
    baseUrl = `http://127.0.0.1:${port.port}`;
  });
  afterAll(async () => {
    await port.close();
    test.broker.close();
    await gateway.close();
  });
  const raw = async (path: string, init: RequestInit = {}, bearer = secret) => {
    const response = await fetch(`${baseUrl}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${bearer}` },
    });
    return { status: response.status, body: await response.json() };
  };

  it('answers every read as the broker itself does', async () => {
    const client = createReadPortClient({ baseUrl, secret });
    expect(await client.accounts()).toEqual(await test.broker.accounts());
    expect(await client.link()).toEqual(await test.broker.link());
    expect((await client.portfolio(account)).positions.map(({ conId }) => conId)).toEqual(
      (await test.broker.portfolio(account)).positions.map(({ conId }) => conId),
    );
    expect(await client.workingOrders(account)).toEqual([]);
    expect(await client.quote(appleId)).toMatchObject({ conId: appleId });
    const query = { symbol: 'SHOP', secType: 'STK' } as const;
    expect(await client.resolve(query)).toEqual(await test.broker.resolve(query));
    expect(await client.search('APPL')).toEqual(await test.broker.search('APPL'));
    const facts = await client.facts(limitBuy);
    expect(Object.values(facts).filter((fact) => 'missing' in fact)).toEqual([]);
    expect(await client.reconnect()).toMatchObject({ state: 'ready' });
    expect(faults).toEqual([]);
  });

  it('lets nobody in without the secret', async () => {
    for (const bearer of ['', 'wrong', `${secret}x`]) {
      expect(await raw('/link', {}, bearer)).toMatchObject({
        status: 401,
        body: { code: 'UNAUTHENTICATED' },
      });
    }
    const stranger = createReadPortClient({ baseUrl, secret: 'another-secret-of-ours' });
    await expect(stranger.link()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each([
    ['GET', '/nothing', undefined, 404, 'NOT_FOUND'],
    ['POST', '/link', '{}', 405, 'METHOD_NOT_ALLOWED'],
    ['GET', '/portfolio', undefined, 422, 'VALIDATION'],
    ['GET', '/portfolio?account=drop%20table', undefined, 422, 'VALIDATION'],
    ['GET', '/quote?conId=-1', undefined, 422, 'VALIDATION'],
    ['GET', '/quote?conId=1&x=2', undefined, 422, 'VALIDATION'],
    ['POST', '/search', '{"pattern":', 400, 'MALFORMED_BODY'],
    ['POST', '/search', '{"pattern":""}', 422, 'VALIDATION'],
    ['POST', '/facts', '{"terms":{}}', 422, 'VALIDATION'],
    ['POST', '/search', JSON.stringify({ pattern: 'x'.repeat(70_000) }), 413, 'BODY_TOO_LARGE'],
  ])('%s %s: bad input is refused in our words', async (method, path, body, status, code) => {
    const answer = await raw(path, { method, ...(body === undefined ? {} : { body }) });
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('carries the broker’s code over, and nothing else of the failure', async () => {
    const client = createReadPortClient({ baseUrl, secret });
    await expect(client.portfolio('DU9999999' as AccountId)).rejects.toMatchObject({
      code: 'ACCOUNT_UNKNOWN',
    });
  });

  it('a bug of ours is INTERNAL and is reported, its text stays inside', async () => {
    const seen: unknown[] = [];
    const broken = await startReadPort({
      broker: { ...test.broker, link: () => Promise.reject(new Error('secret detail')) },
      secret,
      port: 0,
      onFault: (cause) => seen.push(cause),
    });
    const client = createReadPortClient({ baseUrl: `http://127.0.0.1:${broken.port}`, secret });
    const error: unknown = await client.link().catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'INTERNAL' });
    expect((error as Error).message).not.toContain('secret');
    expect(seen).toHaveLength(1);
    await broken.close();
    await expect(client.link()).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
  });

  it('an answer that does not fit the contract or comes late is not passed on', async () => {
    const odd = await startReadPort({
      broker: {
        ...test.broker,
        accounts: () => Promise.resolve(['not an account' as AccountId]),
        link: () => new Promise(() => undefined),
      },
      secret,
      port: 0,
    });
    const options = { baseUrl: `http://127.0.0.1:${odd.port}`, secret, deadlineMs: 100 };
    const client = createReadPortClient(options);
    await expect(client.accounts()).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    await expect(client.link()).rejects.toMatchObject({ code: 'BROKER_NO_ANSWER' });
    await odd.close();
  });
});
