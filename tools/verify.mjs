// What has to be green before a commit, cheapest first; stops at the first red and names it.
import { performance } from 'node:perf_hooks';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { say } from './setup/progress.mjs';

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const folders = ['src', 'test', 'demo', 'bench'].filter((folder) =>
  existsSync(join(checkout, folder)),
);

const steps = [
  ['format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
  ['types', 'typescript/bin/tsc', []],
  ['lint', 'eslint/bin/eslint.js', ['--max-warnings', '0', '.']],
  ['fences', 'dependency-cruiser/bin/dependency-cruiser.mjs', folders],
  ['dead code', 'knip/bin/knip.js', []],
  ['unit tests', 'vitest/vitest.mjs', ['run', '--project', 'unit']],
];

for (const [index, [name, script, args]] of steps.entries()) {
  const startedAt = performance.now();
  say(`[${index + 1}/${steps.length}] ${name}`);
  const path = join(checkout, 'node_modules', script);
  const { status } = spawnSync(process.execPath, [path, ...args], {
    cwd: checkout,
    stdio: 'inherit',
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (status !== 0) {
    say(`verify: ${name} is red after ${seconds} s; the later steps did not run.`);
    process.exit(1);
  }
  say(`      ${name} ok in ${seconds} s`);
}
say('verify: all green');
