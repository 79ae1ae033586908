import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { riskRules } from '../../src/domain/risk/rules/index.ts';

const home = mkdtempSync(join(tmpdir(), 'countersign-policy-cli-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

async function run(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const write = (text: string): void => {
    out += text;
  };
  const world = { home, apiUrl: null, out: write, err: write, ask: null, machine: {} as never };
  return { code: await runCli(argv, world), out };
}

const shipped = 'config/environments/live/risk_policy.yml';

it('check accepts the shipped file, and lists every problem of a broken one with exit code 1', async () => {
  const good = await run('policy', 'check', shipped, '--env', 'live');
  expect(good).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^valid {2}sha256:/) as string,
  });
  const file = join(home, 'broken.yml');
  const text = readFileSync(shipped, 'utf8');
  writeFileSync(file, `${text.replace("limit: '10000'", 'limit: 0')}\nsurprise: 1\n`);
  const bad = await run('policy', 'check', file, '--env', 'live', '--json');
  expect(bad.code).toBe(1);
  expect(JSON.parse(bad.out)).toMatchObject({ valid: false, problems: { length: 2 } });
  expect((await run('policy', 'check', join(home, 'none.yml'))).code).toBe(1);
});

it('explain names every rule, its limit, and why one is off', async () => {
  const { code, out } = await run('policy', 'explain', '--env', 'live');
  expect(code).toBe(0);
  for (const { title, protects } of riskRules) {
    expect(out).toContain(title);
    expect(out).toContain(protects);
  }
  expect(out).toContain('Max notional: limit 10000 [base currency]');
});
