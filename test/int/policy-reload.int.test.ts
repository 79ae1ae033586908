// Another policy while everything runs: every process judges by it from the moment the reload has returned.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calmMarket, framesOf, grant, order, propose, until, view } from '../support/orders.ts';
import { startProduct, type Product } from '../support/product.ts';

const shipped = readFileSync(
  new URL('../../config/environments/dev/risk_policy.yml', import.meta.url),
  'utf8',
);
const home = mkdtempSync(join(tmpdir(), 'countersign-reload-'));
const file = join(home, 'policy.yml');
let product: Product;
beforeAll(async () => {
  writeFileSync(file, shipped);
  product = await startProduct({ RISK_POLICY_FILE: file });
  await calmMarket(product);
});
afterAll(async () => {
  await product.stop();
  rmSync(home, { recursive: true, force: true });
});

const reload = (body: object = {}) => product.operator.post('/policy/reload', body);
const hashOf = async () => (await product.agent.get('/policy')).body['hash'];

describe('a reload of the policy', () => {
  it('is refused to an agent, and for a file that is not valid or not the expected one', async () => {
    expect((await product.agent.post('/policy/reload', {})).status).toBe(403);
    const before = await hashOf();
    expect((await reload()).body).toMatchObject({ outcome: 'unchanged', hash: before });
    writeFileSync(file, shipped.replace("limit: '50000'", 'limit: 0'));
    const refused = await reload();
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain('rules.max_notional.limit: got 0');
    writeFileSync(file, shipped.replace("limit: '50000'", "limit: '100'"));
    expect((await reload({ expectedHash: `sha256:${'0'.repeat(64)}` })).status).toBe(422);
    expect(await hashOf()).toBe(before);
  });

  it('binds the next gate, and a claim of what was granted under the old one', async () => {
    const open = await propose(product);
    const reloaded = await reload();
    expect(reloaded.body).toMatchObject({
      outcome: 'active',
      changes: [{ key: 'rules.max_notional.limit', from: '"50000"', to: '"100"' }],
    });
    expect(await hashOf()).toBe(reloaded.body['hash']);
    expect((await grant(product, open)).status).toBe(200);
    const ended = await until('the order is judged anew', async () => {
      const shown = await view(product, open.intentId);
      return shown['state'] === 'Denied' ? shown : null;
    });
    expect(ended['breaches']).toEqual(
      expect.arrayContaining([expect.objectContaining({ term: 'policy' })]),
    );
    expect(await framesOf(product, open.intentId)).toBe(0);
    const evaluated = await product.agent.post('/risk/evaluate', order());
    expect(JSON.stringify(evaluated.body)).toContain(String(reloaded.body['hash']));
  });
});
