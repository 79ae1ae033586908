// A fence that nothing ever ran into proves nothing: for every rule of .dependency-cruiser.cjs a forbidden import
// is planted in a small tree of its own, and the rule has to see it. Imports that the house allows must pass.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const config = z
  .object({ forbidden: z.array(z.object({ name: z.string(), severity: z.literal('error') })) })
  .parse(createRequire(import.meta.url)('../../.dependency-cruiser.cjs'));

const typeFrom = (path: string): string => `import type { A } from '${path}'; export type B = A;`;

/** Rule → [file, its text]: each text breaks that rule, whatever else it may break. */
const planted: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'domain-runs': ['src/domain/bad.ts', "import '../store/pg/store.ts';"],
  'domain-types': ['src/domain/bad.ts', typeFrom('../store/port.ts')],
  'domain-packages': ['src/domain/bad.ts', "import 'hono';"],
  'domain-builtins': ['src/domain/bad.ts', "import 'node:fs';"],
  'workflows-runs': ['src/workflows/bad.ts', "import '../activities/order-activities.ts';"],
  'workflows-types': ['src/workflows/bad.ts', typeFrom('../api/app.ts')],
  'workflows-packages': ['src/workflows/bad.ts', "import 'zod';"],
  'workflows-builtins': ['src/workflows/bad.ts', "import 'node:crypto';"],
  'activities-runs': ['src/activities/bad.ts', "import '../store/port.ts';"],
  'activities-types': ['src/activities/bad.ts', typeFrom('../store/pg/store.ts')],
  'activities-packages': ['src/activities/bad.ts', "import 'zod';"],
  'broker-runs': ['src/broker/bad.ts', "import '../config/env.ts';"],
  'broker-types': ['src/broker/bad.ts', typeFrom('../store/pg/store.ts')],
  'broker-packages': ['src/broker/bad.ts', "import 'pg';"],
  'store-runs': ['src/store/bad.ts', "import '../broker/port.ts';"],
  'store-types': ['src/store/bad.ts', typeFrom('../broker/ibkr/broker.ts')],
  'store-packages': ['src/store/bad.ts', "import 'hono';"],
  'operations-runs': ['src/operations/bad.ts', "import '../workflows/place-order.ts';"],
  'operations-types': ['src/operations/bad.ts', typeFrom('../api/app.ts')],
  'operations-packages': ['src/operations/bad.ts', "import '@temporalio/client';"],
  'audit-runs': ['src/audit/bad.ts', "import '../store/pg/store.ts';"],
  'audit-types': ['src/audit/bad.ts', typeFrom('../api/app.ts')],
  'audit-packages': ['src/audit/bad.ts', "import 'zod';"],
  'api-runs': ['src/api/bad.ts', "import '../store/pg/store.ts';"],
  'api-types': ['src/api/bad.ts', typeFrom('../store/port.ts')],
  'api-packages': ['src/api/bad.ts', "import '@temporalio/client';"],
  'mcp-runs': ['src/mcp/bad.ts', "import '../api/app.ts';"],
  'mcp-types': ['src/mcp/bad.ts', typeFrom('../broker/port.ts')],
  'mcp-packages': ['src/mcp/bad.ts', "import 'pg';"],
  'cli-runs': ['src/cli/bad.ts', "import '../main/start.ts';"],
  'cli-types': ['src/cli/bad.ts', typeFrom('../store/port.ts')],
  'cli-packages': ['src/cli/bad.ts', "import 'pg';"],
  'config-runs': ['src/config/bad.ts', "import '../main/start.ts';"],
  'config-types': ['src/config/bad.ts', typeFrom('../store/port.ts')],
  'config-packages': ['src/config/bad.ts', "import 'pg';"],
  'log-runs': ['src/log/bad.ts', "import '../domain/order.ts';"],
  'log-types': ['src/log/bad.ts', typeFrom('../store/port.ts')],
  'log-packages': ['src/log/bad.ts', "import 'pg';"],
  'gateway-runs': ['src/gateway/bad.ts', "import '../broker/ibkr/broker.ts';"],
  'gateway-types': ['src/gateway/bad.ts', typeFrom('../store/pg/store.ts')],
  'gateway-packages': ['src/gateway/bad.ts', "import 'pg';"],
  'temporal-runs': ['src/temporal/bad.ts', "import '../activities/order-activities.ts';"],
  'temporal-types': ['src/temporal/bad.ts', typeFrom('../api/app.ts')],
  'temporal-packages': ['src/temporal/bad.ts', "import 'pg';"],
  'embedded-runs': ['src/embedded/bad.ts', "import '../config/env.ts';"],
  'embedded-types': ['src/embedded/bad.ts', typeFrom('../store/port.ts')],
  'embedded-packages': ['src/embedded/bad.ts', "import 'pg';"],
  'supervisor-runs': ['src/supervisor/bad.ts', "import '../store/pg/store.ts';"],
  'supervisor-types': ['src/supervisor/bad.ts', typeFrom('../api/app.ts')],
  'supervisor-packages': ['src/supervisor/bad.ts', "import 'pg';"],
  'simgateway-runs': ['src/simgateway/bad.ts', "import '../broker/ibkr/broker.ts';"],
  'simgateway-types': ['src/simgateway/bad.ts', typeFrom('../domain/order.ts')],
  'simgateway-packages': ['src/simgateway/bad.ts', "import '@stoqey/ib';"],
  'main-runs': ['src/main/bad.ts', "import '../../test/support.ts';"],
  'main-types': ['src/main/bad.ts', typeFrom('../../test/support.ts')],
  'main-packages': ['src/main/bad.ts', "import 'pg';"],
  'only-home-of-tws': ['src/broker/bad.ts', "import '@stoqey/ib';"],
  'only-home-of-postgres': ['src/store/bad.ts', "import 'pg';"],
  'only-home-of-mcp-sdk': ['src/api/bad.ts', "import '@modelcontextprotocol/server';"],
  'only-home-of-hono': ['src/operations/bad.ts', "import 'hono';"],
  'only-home-of-temporal': ['src/main/bad.ts', "import '@temporalio/client';"],
  'room-without-a-row': ['src/helpers/bad.ts', "import '../domain/order.ts';"],
  'cli-root': ['src/cli/main.ts', "import '../main/start.ts';"],
  'setup-needs-nothing': ['tools/setup/bad.mjs', "import 'zod';"],
  'production-without-tests': ['src/api/bad.ts', "import '../../test/support.ts';"],
  'no-dev-package-in-production': ['src/domain/bad.ts', "import 'fast-check';"],
  'no-unknown-package': ['src/domain/bad.ts', "import 'ajv';"],
  'no-unresolvable': ['src/domain/bad.ts', "import './nowhere.ts';"],
  'no-cycle': ['src/domain/bad.ts', "import './cycle.ts';"],
  'no-orphan': ['src/domain/bad.ts', 'export const nobody = 1;'],
};

/** What the house allows, and what a fence that is too high would refuse. */
const allowed: readonly (readonly [file: string, text: string])[] = [
  ['src/domain/good.ts', "import 'node:crypto'; import 'zod'; import 'decimal.js';"],
  ['src/workflows/good.ts', typeFrom('../activities/order-activities.ts')],
  ['src/workflows/good.ts', typeFrom('../store/port.ts')],
  ['src/activities/good.ts', "import '../workflows/names.ts'; import '@temporalio/activity';"],
  ['src/operations/good.ts', typeFrom('../broker/port.ts')],
  ['src/store/pg/good.ts', "import 'pg'; import '../../domain/order.ts';"],
  ['src/broker/ibkr/good.ts', "import '@stoqey/ib';"],
  ['src/simgateway/good.ts', "import '../domain/money/decimal.ts';"],
  ['src/main/good.ts', "import '../store/pg/store.ts'; import '../broker/ibkr/broker.ts';"],
  ['src/cli/main.ts', "import '../main/machine.ts';"],
];

/** What the planted files point at. */
const neighbours: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'src/activities/order-activities.ts',
      'src/api/app.ts',
      'src/broker/ibkr/broker.ts',
      'src/broker/port.ts',
      'src/config/env.ts',
      'src/domain/money/decimal.ts',
      'src/domain/order.ts',
      'src/main/machine.ts',
      'src/main/start.ts',
      'src/store/pg/store.ts',
      'src/store/port.ts',
      'src/workflows/names.ts',
      'src/workflows/place-order.ts',
      'test/support.ts',
    ].map((file) => [file, 'export type A = string;']),
  ),
  'src/domain/cycle.ts': "import './bad-no-cycle.ts';",
};

const Report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});
type Violation = { readonly file: string; readonly rule: string };

const trees: string[] = [];

/** What the fences say to a tree of these files. */
function judge(files: ReadonlyMap<string, string>): Violation[] {
  const tree = mkdtempSync(join(tmpdir(), 'countersign-fences-'));
  trees.push(tree);
  for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
    cpSync(join(root, name), join(tree, name));
  }
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  for (const [file, text] of [...Object.entries(neighbours), ...files]) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [program, '--no-cache', '--output-type', 'json', 'src', 'test', 'tools'];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  });
  if (stdout === '') throw new Error(stderr);
  const { violations } = Report.parse(JSON.parse(stdout)).summary;
  return violations.map(({ from, rule }) => ({ file: from, rule: rule.name }));
}

/** The file of a rule: `bad.ts` with the rule in its name, so that all can stand in one tree. */
const own = (rule: string, file: string): string => file.replace('/bad.', `/bad-${rule}.`);

afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});

describe('the fences', () => {
  let violations: readonly Violation[];

  beforeAll(() => {
    const files = Object.entries(planted).map(
      ([rule, [file, text]]) => [own(rule, file), text] as const,
    );
    violations = judge(new Map([...files, ['tools/setup/good.mjs', '']]));
  }, 60_000);

  it('are all tried', () => {
    expect(Object.keys(planted).sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
  });

  it.each(Object.entries(planted))('%s bites', (rule, [file]) => {
    expect(violations).toContainEqual({ rule, file: own(rule, file) });
  });

  it('let through what the house allows', () => {
    const files = allowed.map(
      ([file, text], index) => [file.replace('/good.', `/good-${index}.`), text] as const,
    );
    const refused = judge(new Map([...files, ['tools/setup/good.mjs', "import 'node:fs';"]]));
    expect(refused.filter(({ file }) => !(file in neighbours))).toEqual([]);
  }, 60_000);
});
