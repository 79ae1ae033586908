import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { environments } from '../../src/config/variables.ts';

const home = mkdtempSync(join(tmpdir(), 'countersign-policy-test-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

async function run(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const write = (text: string): void => {
    out += text;
  };
  const world = { home, apiUrl: null, out: write, err: write, ask: null, machine: {} as never };
  return { code: await runCli(['policy', 'test', ...argv], world), out };
}

function fileOf(text: string): string {
  const file = join(home, 'cases.yml');
  writeFileSync(file, text);
  return file;
}

type Said = {
  passed: number;
  failed: number;
  cases: {
    name: string;
    ok: boolean;
    outcome: string;
    rules: Record<string, string>;
    nearest: unknown;
    compared: { what: string; expected: string; got: string }[];
  }[];
};
async function said(...argv: string[]): Promise<Said> {
  return JSON.parse((await run(...argv, '--json')).out) as Said;
}

/** What the base case with some changes comes to in dev, and its rules. */
async function judged(change: string): Promise<Said['cases'][number]> {
  const text = `policy: dev\ncases: [{ name: one, expect: { outcome: pass }, ${change} }]`;
  const [one] = (await said(fileOf(text))).cases;
  if (one === undefined) throw new Error('no case');
  return one;
}

it.each(environments)('the shipped cases of %s are all as expected', async (environment) => {
  const { code, out } = await run(`config/policy-tests/${environment}.yml`);
  expect(out).toContain('12 of 12 as expected');
  expect(code).toBe(0);
});

it.each(environments)('the base case passes in %s without a warning', async (environment) => {
  const file = fileOf(`policy: ${environment}\ncases: [{ name: one, expect: { outcome: pass } }]`);
  const [one] = (await said(file)).cases;
  expect(one).toMatchObject({ ok: true, outcome: 'pass' });
  expect(new Set(Object.values(one?.rules ?? {}))).toEqual(new Set(['pass']));
});

it('a wrong expectation fails with exit code 1 and says what was got instead', async () => {
  const file = fileOf(`
policy: dev
cases:
  - { name: right, expect: { outcome: pass } }
  - { name: outcome, expect: { outcome: deny } }
  - { name: rule, expect: { outcome: pass, rules: { R1: deny } } }
  - name: nearest
    terms: { quantity: 251 }
    expect: { outcome: deny, nearest: { quantity: 251 } }
  - { name: none, terms: { quantity: 251 }, expect: { outcome: deny, nearest: none } }
`);
  const { code, out } = await run(file);
  expect(code).toBe(1);
  expect(out).toContain('1 of 5 as expected');
  expect(out).toContain('nearest: R1 50200, limit 50000');
  expect(out).toMatch(/^rule +pass, R1 deny +pass, R1 pass +– +NO$/m);
  const { passed, failed, cases } = await said(file);
  expect({ passed, failed }).toEqual({ passed: 1, failed: 4 });
  expect(cases.map(({ ok }) => ok)).toEqual([true, false, false, false, false]);
  expect(cases[3]?.compared).toContainEqual({
    what: 'nearest.quantity',
    expected: '251',
    got: '250',
  });
  expect(cases[4]?.compared).toContainEqual({ what: 'nearest', expected: 'none', got: 'found' });
});

it('a file that is not valid is refused whole, with every problem and exit code 78', async () => {
  const file = fileOf(`
policy: dev
surprise: 1
cases:
  - name: one
    terms: { quantity: 0, colour: red }
    facts: { quote: { bid: high, asks: 1 }, portfolio: missing, moon: full }
    rules: { max_notional: { limit: -1 }, no_such_rule: { enabled: true } }
    expect: { outcome: maybe, rules: { R99: deny } }
  - { name: kinds, facts: { quote: mising }, expect: { outcome: deny, nearest: {} } }
  - { name: two, terms: { orderType: STP }, expect: { outcome: pass } }
  - { name: two, expect: { outcome: pass, nearest: none } }
`);
  const { code, out } = await run(file);
  expect(code).toBe(78);
  for (const place of [
    'surprise: got an unknown key',
    'cases.0.terms.quantity: got 0, expected a decimal above 0',
    'cases.0.terms.colour: got an unknown key',
    'cases.0.facts.quote.bid: got "high", expected a decimal',
    'cases.0.facts.quote.asks: got an unknown key',
    'cases.0.facts.moon: got an unknown key',
    'cases.0.rules.max_notional.limit: got -1',
    'cases.0.rules.no_such_rule: got an unknown key',
    'cases.0.expect.outcome: got "maybe"',
    'R99',
    'cases.1.facts.quote: got "mising", expected missing, or what is known',
    'cases.1.expect.nearest: got {}, expected none, or a quantity or a limitPrice or both',
    'cases.2.terms.stopPrice: got null, expected an order of type STP needs a stopPrice',
    'cases.3.expect.nearest: got "none"',
  ]) {
    expect(out).toContain(place);
  }
});

it('refuses an alias, a rounded number, a name that is there twice, and what cannot be read', async () => {
  const one = '{ name: one, expect: { outcome: pass } }';
  for (const [text, problem] of [
    [`policy: dev\ncases: [&a ${one}, *a]`, 'alias'],
    [
      `policy: dev\ncases: [{ name: one, terms: { quantity: 5.00000000000000001 }, expect: { outcome: pass } }]`,
      'cannot be read exactly',
    ],
    [`policy: dev\ncases: [${one}, ${one}]`, 'a name that no other case has'],
    ['policy: dev\ncases: []', 'at least one case'],
    [`policy: none.yml\ncases: [${one}]`, 'policy: '],
  ] as const) {
    const { code, out } = await run(fileOf(text));
    expect(out).toContain(problem);
    expect(code).toBe(78);
  }
  expect((await run(join(home, 'nothing.yml'))).code).toBe(78);
  expect((await run()).code).toBe(2);
});

it('takes a policy by its path from the file on, and a human may review where it says so', async () => {
  const shipped = readFileSync(resolve('config/environments/dev/risk_policy.yml'), 'utf8');
  const reviewed = shipped.replace('manual_review: {}', 'manual_review: { max_notional: [deny] }');
  writeFileSync(join(home, 'own.yml'), reviewed);
  const file = fileOf(`
policy: own.yml
cases:
  - name: review
    terms: { quantity: 11 }
    rules: { max_notional: { limit: 2000 } }
    expect: { outcome: review, rules: { R1: deny } }
`);
  expect(await run(file)).toMatchObject({ code: 0 });
});

it('evaluates missing and old facts as missing, and rules of one case alone with its limits', async () => {
  const missing = await judged('facts: { dailyVolume: missing }');
  expect(missing).toMatchObject({ outcome: 'deny', rules: { R6: 'cannot-evaluate', R1: 'pass' } });
  const old = await judged('facts: { agesMs: { quote: 15001 } }');
  expect(old).toMatchObject({ outcome: 'deny', rules: { R14: 'deny', R8: 'pass' } });
  const off = await judged('rules: { max_notional: { enabled: false } }');
  expect(off.rules).toMatchObject({ R1: 'off', R2: 'pass' });
});

it('gives positions their value and the order its instrument as the contract of the case says', async () => {
  const held = await judged('facts: { portfolio: { positions: [{ quantity: 500 }] } }');
  expect(held).toMatchObject({ outcome: 'deny', rules: { R2: 'deny' } });
  const other = await judged("facts: { contract: { industry: '' } }");
  expect(other.rules['R3']).toBe('cannot-evaluate');
});
