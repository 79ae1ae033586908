// `npm run planted-bugs`: a checker that has never caught anything proves nothing. Plants one fault at a time in a
// copy of the tree, runs the one test that has to notice, and demands red; the unchanged copy has to be green.
// `--quick` plants the marked ones only. Exit code 0 = every fault was caught.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../src/embedded/postgres.ts';
import { resolveTemporalCli, startTemporal } from '../../src/embedded/temporal.ts';
import { resolveCacheDir } from '../../tools/setup/dirs.mjs';
import { faults as allFaults, type Fault } from './faults.ts';

type TestRun = {
  /** The titles of the tests that said so; a file that could not be loaded has said nothing. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly output: string;
};
type Servers = { readonly env: NodeJS.ProcessEnv; readonly stop: () => Promise<void> };

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const copied = [
  'src',
  'test',
  'tools',
  'config',
  'migrations',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

process.exitCode = await main(process.argv.includes('--quick'));

async function main(isQuick: boolean): Promise<number> {
  const startedAt = performance.now();
  const faults = allFaults.filter(({ quick }) => !isQuick || quick === true);
  const dir = mkdtempSync(join(tmpdir(), 'countersign-planted-'));
  chmodSync(dir, 0o711); // as root, PostgreSQL's own user has to pass
  const tree = join(dir, 'tree');
  copyTree(tree);
  const servers = await startServers(dir, faults);
  try {
    const problems = await baseline(tree, faults, servers.env);
    for (const problem of problems) say(problem);
    if (problems.length > 0) return 1;
    let caught = 0;
    for (const [index, fault] of faults.entries()) {
      const begunAt = performance.now();
      const verdict = await plant(tree, fault, servers.env);
      if (verdict === 'caught') caught += 1;
      const seconds = ((performance.now() - begunAt) / 1000).toFixed(1);
      const number = String(index + 1).padStart(2);
      say(`${number}  ${verdict.padEnd(10)} ${seconds.padStart(5)} s  ${fault.name}`);
      if (verdict !== 'caught') say(`      by ${fault.testFile}: ${fault.test}`);
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    say(`${caught} of ${faults.length} planted faults were caught, in ${seconds} s.`);
    return caught === faults.length ? 0 : 1;
  } finally {
    await servers.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function copyTree(tree: string): void {
  for (const name of copied)
    cpSync(join(checkout, name), join(tree, name), { recursive: true, dereference: true });
  symlinkSync(realpathSync(join(checkout, 'node_modules')), join(tree, 'node_modules'));
}

/** One PostgreSQL for all runs, and a Temporal server where a test needs it. */
async function startServers(dir: string, faults: readonly Fault[]): Promise<Servers> {
  const files = new Set(faults.filter(({ project }) => project === 'int').map((f) => f.testFile));
  if (files.size === 0) return { env: {}, stop: () => Promise.resolve() };
  const cacheDir = resolveCacheDir().dir;
  const log = (): void => undefined;
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const database = await startPostgres({ dataDir: join(dir, 'pg'), cacheDir, settings, log });
  const needsTemporal = [...files].some((file) => file.startsWith('test/workflows/'));
  const temporal = needsTemporal
    ? await startTemporal({ inMemory: true, cliPath: await resolveTemporalCli(cacheDir), log })
    : null;
  return {
    env: {
      TEST_DATABASE_URL: database.url,
      TEST_TEMPORAL_ADDRESS: temporal?.address ?? 'not started',
    },
    async stop() {
      await Promise.all([database.stop(), temporal?.stop()]);
    },
  };
}

/** Runs every test of the run on the unchanged copy; what is said is wrong. */
async function baseline(
  tree: string,
  faults: readonly Fault[],
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const problems: string[] = [];
  for (const project of ['unit', 'contract', 'int'] as const) {
    const wanted = faults.filter((fault) => fault.project === project);
    if (wanted.length === 0) continue;
    const titles = [...new Set(wanted.map(({ test }) => test))];
    const run = await runTests(
      tree,
      { project, files: wanted.map((f) => f.testFile), titles },
      env,
    );
    const silent = titles.filter((title) => !run.passed.some((name) => name.startsWith(title)));
    for (const name of run.failed) problems.push(`without a fault this test is red: ${name}`);
    for (const title of silent) problems.push(`without a fault this test is not green: ${title}`);
    if (run.failed.length + silent.length > 0) problems.push(run.output);
  }
  return problems;
}

type Verdict = 'caught' | 'SURVIVED' | 'NOT THERE' | 'NO ANSWER';

async function plant(tree: string, fault: Fault, env: NodeJS.ProcessEnv): Promise<Verdict> {
  const path = join(tree, fault.file);
  const original = readFileSync(path, 'utf8');
  // Once exactly: a fault in two places, or in none, would not be the one that is named.
  if (original.split(fault.find).length !== 2) return 'NOT THERE';
  writeFileSync(
    path,
    original.replace(fault.find, () => fault.replace),
  );
  try {
    const { project, testFile, test } = fault;
    const run = await runTests(tree, { project, files: [testFile], titles: [test] }, env);
    if (run.failed.length > 0) return 'caught';
    // A tree that does not even load has proven nothing.
    return run.passed.length > 0 ? 'SURVIVED' : 'NO ANSWER';
  } finally {
    writeFileSync(path, original);
  }
}

type Selection = {
  readonly project: string;
  readonly files: readonly string[];
  readonly titles: readonly string[];
};

async function runTests(
  tree: string,
  { project, files, titles }: Selection,
  env: NodeJS.ProcessEnv,
): Promise<TestRun> {
  const report = join(tree, 'report.json');
  rmSync(report, { force: true });
  const pattern = titles.map((title) => `^${title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
  const child = spawn(
    process.execPath,
    [
      join(tree, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...['--project', project, '--testNamePattern', pattern.join('|')],
      ...['--reporter', 'json', '--outputFile', report],
      ...new Set(files),
    ],
    { cwd: tree, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  if (!existsSync(report)) return { passed: [], failed: [], output };
  return { ...readReport(report), output };
}

function readReport(report: string): Pick<TestRun, 'passed' | 'failed'> {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: {
      assertionResults: { ancestorTitles: string[]; title: string; status: string }[];
    }[];
  };
  const tests = testResults.flatMap((file) => file.assertionResults);
  const named = (wanted: string): string[] =>
    tests
      .filter(({ status }) => status === wanted)
      .map(({ ancestorTitles, title }) => [...ancestorTitles, title].join(' > '));
  return { passed: named('passed'), failed: named('failed') };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
