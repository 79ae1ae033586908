// The Temporal door: an operator decides with the real CLI or a client. A message is no authority by itself.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveTemporalCli } from '../../src/embedded/temporal.ts';
import { resolveCacheDir } from '../../tools/setup/dirs.mjs';
import {
  calmMarket,
  ended,
  framesOf,
  grant,
  propose,
  trail,
  until,
  view,
} from '../support/orders.ts';
import { startProduct, type Product } from '../support/product.ts';

const run = promisify(execFile);

let product: Product;
let cli: string;
let client: Client;
beforeAll(async () => {
  product = await startProduct();
  cli = await resolveTemporalCli(resolveCacheDir().dir);
  const connection = await Connection.connect({ address: product.info.temporalAddress });
  client = new Client({ connection, namespace: product.info.temporalNamespace });
});
afterAll(async () => {
  await client.connection.close();
  await product.stop();
});
beforeEach(() => calmMarket(product));

/** What an operator types. */
async function temporal(...args: string[]): Promise<string> {
  const { stdout } = await run(cli, [
    ...args,
    '--address',
    product.info.temporalAddress,
    '--namespace',
    product.info.temporalNamespace,
  ]);
  return stdout;
}

function signal(intentId: string, name: string, input: string): Promise<string> {
  const workflow = ['--workflow-id', `order-${intentId}`];
  return temporal('workflow', 'signal', ...workflow, '--name', name, '--input', input);
}

const handle = (intentId: string) => client.workflow.getHandle(`order-${intentId}`);

/** Waits until the workflow has taken in everything that was sent before: a query is answered behind it. */
async function settled(intentId: string): Promise<void> {
  const { historyLength } = await handle(intentId).describe();
  await until('the workflow has worked', async () => {
    const { historyEvents } = await client.workflowService
      .getWorkflowExecutionHistoryReverse({
        namespace: product.info.temporalNamespace,
        execution: { workflowId: `order-${intentId}` },
        maximumPageSize: 1,
      })
      .then(({ history }) => ({ historyEvents: history?.events ?? [] }));
    const last = historyEvents[0];
    const isIdle =
      last?.workflowTaskCompletedEventAttributes != null ||
      last?.timerStartedEventAttributes != null;
    return isIdle && Number(last.eventId) >= historyLength ? true : null;
  });
}

describe('signals of the temporal CLI', () => {
  it('approve: fills, and the trail names the channel', async () => {
    const proposed = await propose(product);
    await signal(
      proposed.intentId,
      'approve',
      JSON.stringify({ approvalId: proposed.approvalId, reason: 'seen in the terminal' }),
    );
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Filled' });
    expect(await framesOf(product, proposed.intentId)).toBe(1);
    const granted = (await trail(product, proposed.intentId)).filter(
      ({ type }) => type === 'ApprovalGranted',
    );
    expect(granted).toHaveLength(1);
    expect(granted[0]).toMatchObject({
      actor: { kind: 'human', id: 'opr_temporal', channel: 'temporal' },
      payload: { reason: 'seen in the terminal', approvalId: proposed.approvalId },
    });
  });

  it('deny: declines with the reason', async () => {
    const proposed = await propose(product);
    await signal(
      proposed.intentId,
      'deny',
      JSON.stringify({ approvalId: proposed.approvalId, reason: 'not today' }),
    );
    expect(await ended(product, proposed.intentId)).toMatchObject({
      state: 'Declined',
      declineReason: 'not today',
    });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
  });

  it('the details in the UI tell an operator what to type', async () => {
    const proposed = await propose(product);
    const { stdout } = await run(cli, [
      ...['workflow', 'metadata', '--workflow-id', `order-${proposed.intentId}`],
      ...['--output', 'json', '--address', product.info.temporalAddress],
    ]).catch(() => ({ stdout: '' }));
    const described = await handle(proposed.intentId).describe();
    expect(await described.staticSummary()).toMatch(/^Buy \d+ AAPL, at the market, for the day$/);
    const attributes = described.typedSearchAttributes
      .getAll()
      .map(({ key, value }) => [key.name, value]);
    expect(attributes).toContainEqual(['CountersignState', 'AwaitingApproval']);
    expect(attributes).toContainEqual(['CountersignSymbol', 'AAPL']);
    if (stdout !== '') expect(stdout).toContain(proposed.approvalId);
    const standing = await handle(proposed.intentId).query<{ approvalId: string; state: string }>(
      'describe',
    );
    expect(standing).toMatchObject({
      approvalId: proposed.approvalId,
      state: 'AwaitingApproval',
      round: 1,
    });
  });
});

describe('messages that say too little or too much', () => {
  it.each([
    ['another approval id', '{"approvalId":"apr_00000000000000000000"}'],
    ['no approval id', '{"reason":"yes please"}'],
    ['a text', '"approve it"'],
    ['null', 'null'],
    ['a number', '42'],
    ['a list', '[1,2,3]'],
    ['an id of a wrong type', '{"approvalId":{"$ne":null}}'],
    ['an id with more behind it', '{"approvalId":"apr_00000000000000000000; DROP TABLE"}'],
  ])('%s changes nothing', async (_what, input) => {
    const proposed = await propose(product);
    await signal(proposed.intentId, 'approve', input);
    await signal(proposed.intentId, 'deny', input);
    await settled(proposed.intentId);
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'AwaitingApproval' });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
    // And the order can still be decided properly.
    expect((await grant(product, proposed)).status).toBe(200);
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Filled' });
  });

  it('the approval id of another order changes neither', async () => {
    const mine = await propose(product);
    const other = await propose(product);
    await handle(mine.intentId).signal('approve', { approvalId: other.approvalId });
    await settled(mine.intentId);
    expect(await view(product, mine.intentId)).toMatchObject({ state: 'AwaitingApproval' });
    expect(await view(product, other.intentId)).toMatchObject({ state: 'AwaitingApproval' });
    expect(await framesOf(product, mine.intentId)).toBe(0);
    expect(await framesOf(product, other.intentId)).toBe(0);
  });

  it('a signal without any argument changes nothing', async () => {
    const proposed = await propose(product);
    await handle(proposed.intentId).signal('approve');
    await settled(proposed.intentId);
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'AwaitingApproval' });
    await handle(proposed.intentId).signal('deny', { approvalId: proposed.approvalId });
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Declined' });
  });

  it('a signal of a name that nobody knows changes nothing', async () => {
    const proposed = await propose(product);
    await handle(proposed.intentId).signal('submit', { approvalId: proposed.approvalId });
    await settled(proposed.intentId);
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'AwaitingApproval' });
  });
});

describe('the grant update', () => {
  it('without a decision row sends nothing; the order stays open', async () => {
    const proposed = await propose(product);
    const standing = await handle(proposed.intentId).executeUpdate('grant', {
      args: [{ approvalId: proposed.approvalId, decisionId: 'dcn_00000000000000000000' }],
    });
    expect(standing).toMatchObject({ state: 'AwaitingApproval' });
    await settled(proposed.intentId);
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'AwaitingApproval' });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
    const told = (await trail(product, proposed.intentId)).map(({ type }) => type);
    expect(told).not.toContain('ApprovalGranted');
    expect(told).not.toContain('OrderClaimed');
    expect((await grant(product, proposed)).status).toBe(200);
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Filled' });
  });

  it.each([
    ['another approval id', { approvalId: 'apr_00000000000000000000' }],
    ['nothing', undefined],
    ['a text', 'grant'],
  ])('with %s is refused by its validator', async (_what, argument) => {
    const proposed = await propose(product);
    const update = handle(proposed.intentId).executeUpdate('grant', { args: [argument] });
    await expect(update).rejects.toThrow();
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'AwaitingApproval' });
  });
});

describe('signals of a client', () => {
  it('approve twice sends once', async () => {
    const proposed = await propose(product);
    await Promise.all([
      handle(proposed.intentId).signal('approve', { approvalId: proposed.approvalId }),
      handle(proposed.intentId).signal('approve', { approvalId: proposed.approvalId }),
    ]);
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Filled' });
    expect(await framesOf(product, proposed.intentId)).toBe(1);
  });

  it('approve and deny together: the first one stands', async () => {
    const proposed = await propose(product);
    await handle(proposed.intentId).signal('deny', { approvalId: proposed.approvalId });
    await handle(proposed.intentId)
      .signal('approve', { approvalId: proposed.approvalId })
      .catch(() => undefined);
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Declined' });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
  });

  it('a cancel request of the Temporal UI does not take the order from its humans', async () => {
    const proposed = await propose(product);
    await handle(proposed.intentId).cancel();
    await settled(proposed.intentId);
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'AwaitingApproval' });
    await grant(product, proposed);
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Filled' });
  });
});
