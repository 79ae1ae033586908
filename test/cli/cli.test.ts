import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Machine } from '../../src/cli/context.ts';
import { runCli } from '../../src/cli/program.ts';
import { visible } from '../../src/cli/visible.ts';
import type { ApprovalId } from '../../src/domain/ids.ts';
import { createWorld, type World } from '../support/doors-world.ts';
import { apiOf } from '../support/http-client.ts';
import { firstLatchId } from '../support/memory-limits.ts';
import { propose } from '../support/operation-samples.ts';

type Run = { code: number; out: string; err: string };

let world: World;
let home: string;
let url: string;
let server: Server;

beforeEach(async () => {
  world = createWorld();
  home = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
  server = serve({ fetch: apiOf(world).fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true });
});

const unexpected = () => Promise.reject(new Error('this test is not about the machine'));
const machine: Machine = {
  start: unexpected,
  doctor: unexpected,
  serveMcp: unexpected,
  simulateGateway: unexpected,
  newLoginLink: unexpected,
  withAuditTrail: unexpected,
};

async function cli(args: readonly string[], answer: string | null = null): Promise<Run> {
  const run: Run = { code: 0, out: '', err: '' };
  run.code = await runCli(args, {
    home,
    apiUrl: url,
    out: (text) => (run.out += text),
    err: (text) => (run.err += text),
    ask: answer === null ? null : () => Promise.resolve(answer),
    machine,
  });
  return run;
}

const login = () => cli(['login', `${url}/login?token=${world.loginToken()}`]);

describe('logging in', () => {
  it('keeps the session in a file for its owner alone', async () => {
    expect((await cli(['status'])).code).toBe(77);
    const done = await login();
    expect(done).toMatchObject({ code: 0, err: '' });
    const path = join(home, 'operator.session');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toContain('css_');
    expect(done.out).not.toContain('css_');
    expect(await cli(['status'])).toMatchObject({ code: 0 });
    await cli(['logout']);
    expect((await cli(['status'])).code).toBe(77);
  });

  it.each([
    [['login', 'hello'], 2],
    [['login'], 2],
    [['nonsense'], 2],
    [['kill'], 2],
    [['--help'], 0],
  ])('%j ends with %d', async (args, code) => {
    expect((await cli(args)).code).toBe(code);
  });

  it('says that a used link is used', async () => {
    const link = `${url}/login?token=${world.loginToken()}`;
    await cli(['login', link]);
    const again = await cli(['login', link, '--json']);
    expect(again.code).toBe(77);
    expect(JSON.parse(again.out)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('approvals', () => {
  it('lists, shows and grants what a person has seen', async () => {
    await login();
    const { approvalId, envelopeHash } = await propose(world);
    expect((await cli(['approvals', 'list'])).out).toContain(`${approvalId}  Buy 5 AAPL`);
    expect((await cli(['approvals', 'show', approvalId])).out).toContain(envelopeHash);
    const blind = await cli(['approvals', 'grant', approvalId]);
    expect(blind.code).toBe(2);
    expect(blind.err).toContain('--hash');
    expect((await cli(['approvals', 'grant', approvalId], 'no')).code).toBe(1);
    expect(world.ledger.decidedCalls).toEqual([]);
    const granted = await cli(['approvals', 'grant', approvalId, '--hash', envelopeHash, '--json']);
    expect(granted.code).toBe(0);
    expect(JSON.parse(granted.out)).toMatchObject({ state: 'Approved' });
    const shown = (await cli(['approvals', 'show', approvalId])).out;
    expect(shown).toMatch(/^decided +grant by opr_\w+ through cli, /m);
    const late = await cli(['approvals', 'deny', approvalId, '--yes', '--reason', 'too late']);
    expect(late.code).toBe(1);
    expect(late.err).toContain('APPROVAL_DECIDED');
  });

  it('grants after a person has typed it, and not on another hash', async () => {
    await login();
    const first = await propose(world);
    const wrong = `sha256:${'a'.repeat(64)}`;
    const mismatch = await cli(['approvals', 'grant', first.approvalId, '--hash', wrong]);
    expect(mismatch).toMatchObject({ code: 1 });
    expect(mismatch.err).toContain('ENVELOPE_MISMATCH');
    expect((await cli(['approvals', 'grant', first.approvalId], 'grant')).code).toBe(0);
    world.ledger.setApproval(first.approvalId as ApprovalId, 'expired');
    expect((await cli(['approvals', 'grant', first.approvalId, '--yes'])).code).toBe(1);
  });
});

describe('trading', () => {
  it('halts and resumes with a reason', async () => {
    await login();
    expect((await cli(['kill', '--reason', 'drill of the halt'])).out).toContain('active');
    expect((await cli(['status'])).code).toBe(1);
    expect((await cli(['release', '--reason', 'drill is over'])).out).toContain('released');
  });

  it('releases a latch with a reason, and only with one', async () => {
    await login();
    expect((await cli(['release-latch', firstLatchId])).code).toBe(2);
    const released = await cli(['release-latch', firstLatchId, '--reason', 'looked at it']);
    expect(released.out).toContain(`${firstLatchId} (R8, account) is released`);
    expect((await cli(['latches'])).out).toContain('(none)');
    const unknown = ['release-latch', 'lch_00000000000000000009', '--reason', 'looked at it'];
    expect((await cli(unknown)).code).toBe(1);
  });

  it('lists orders of all agents and shows one', async () => {
    await login();
    const { intentId } = await propose(world);
    expect((await cli(['orders', 'list'])).out).toContain(intentId);
    const shown = await cli(['orders', 'show', intentId, '--json']);
    expect(JSON.parse(shown.out)).toMatchObject({ intentId, state: 'AwaitingApproval' });
    expect((await cli(['orders', 'show', 'int_00000000000000000000'])).code).toBe(1);
    expect((await cli(['orders', 'list', '--limit', '999'])).code).toBe(2);
  });

  it('ends with 69 where nothing answers', async () => {
    await login();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect((await cli(['status'])).code).toBe(69);
    server = serve({ fetch: apiOf(world).fetch, hostname: '127.0.0.1', port: 0 }) as Server;
    await once(server, 'listening');
  });
});

describe('text of somebody else', () => {
  it('cannot command the terminal', () => {
    expect(visible('a\u001b[2Jb\u202ec\nd')).toBe('a\\u001b[2Jb\\u202ec\\u000ad');
  });
});
