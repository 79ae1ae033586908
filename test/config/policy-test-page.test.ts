import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadPolicyTests } from '../../src/config/policy-test-file.ts';
import { runPolicyCase } from '../../src/domain/risk/policy-case.ts';

/** docs/policy.md states the base case of policy tests: what stands there has to be what it is. */

const home = mkdtempSync(join(tmpdir(), 'countersign-policy-page-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const page = readFileSync('docs/policy.md', 'utf8');

function blockAfter(mark: string): string {
  const [, block] = new RegExp(`${mark}\\n+\`\`\`yaml\\n([^]*?)\`\`\``).exec(page) ?? [];
  if (block === undefined) throw new Error(`no block after ${mark}`);
  return block;
}

function casesOf(text: string) {
  const file = join(home, 'cases.yml');
  writeFileSync(file, text);
  return loadPolicyTests(file, 'dev').cases;
}

it('the page gives every figure of the base case', () => {
  const [stated] = casesOf(blockAfter('<!-- base-case -->'));
  const [base] = casesOf('policy: dev\ncases: [{ name: base, expect: { outcome: pass } }]');
  expect(stated?.terms).toEqual(base?.terms);
  expect(stated?.facts).toEqual(base?.facts);
});

it('the page gives every figure of the entries of lists', () => {
  const [stated] = casesOf(blockAfter('<!-- base-entries -->'));
  const [base] = casesOf(`
policy: dev
cases:
  - name: base
    facts:
      portfolio: { positions: [{}] }
      workingOrders: [{}]
      ledger: { reservations: [{}], recentIntents: [{}], latches: [{}] }
    expect: { outcome: deny }
`);
  expect(stated?.facts).toEqual(base?.facts);
});

it('the example of the page is as expected', () => {
  const results = casesOf(blockAfter('The shipped cases are in .*')).map(runPolicyCase);
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
});
