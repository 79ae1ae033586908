import { Option, type Command } from 'commander';
import { loadPolicyTests } from '../../config/policy-test-file.ts';
import { environments } from '../../config/variables.ts';
import { runPolicyCase, type PolicyCaseResult } from '../../domain/risk/policy-case.ts';
import { addCommand, type CliContext } from '../context.ts';
import { exitCodes, type Outcome } from '../outcome.ts';
import { table, type Column } from '../table.ts';
import { visible } from '../visible.ts';

/** `policy test`: cases of orders and what the gate is expected to say of them. Needs nothing that runs. */

const columns: readonly Column<PolicyCaseResult>[] = [
  ['case', ({ name }) => name],
  ['expected', ({ compared }) => said(compared, 'expected')],
  ['got', ({ compared }) => said(compared, 'got')],
  ['against', ({ against }) => against.map(({ rule }) => rule).join(' ') || null],
  ['ok', ({ ok }) => (ok ? 'yes' : 'NO')],
];

export function addPolicyTest(policy: Command, context: CliContext): void {
  addCommand<{ env: (typeof environments)[number] }>(policy, context, {
    usage: 'test <file>',
    description:
      'whether the gate says of each case of a file what the file expects; else exit code 1',
    options: [
      new Option('--env <environment>', 'whose demands a policy named by its path has to meet')
        .choices(environments)
        .default('dev'),
    ],
    run: ([file = ''], options) => Promise.resolve(test(file, options.env)),
  });
}

function test(file: string, environment: (typeof environments)[number]): Outcome {
  const { policy, cases } = loadPolicyTests(file, environment);
  const results = cases.map(runPolicyCase);
  const failed = results.filter(({ ok }) => !ok).length;
  const { version, hash } = policy;
  return {
    json: {
      ...{ version, hash, passed: results.length - failed, failed },
      cases: results.map(({ name, ok, compared, verdict, against }) => ({
        ...{ name, ok, compared, against },
        ...{ outcome: verdict.outcome, nearest: verdict.nearest ?? null },
        rules: Object.fromEntries(verdict.rules.map(({ rule, outcome }) => [rule, outcome])),
      })),
    },
    lines: [
      visible(`${version}  ${hash}`),
      ...table(columns, results),
      ...results.filter(({ ok }) => !ok).flatMap(reasons),
      `${results.length - failed} of ${results.length} as expected`,
    ],
    exitCode: failed === 0 ? exitCodes.ok : exitCodes.refused,
  };
}

/** Of a case that differs: why each rule is against it. */
function reasons({ name, against }: PolicyCaseResult): string[] {
  return against.map(({ rule, why }) => visible(`${name}: ${rule} ${why}`));
}

/** `deny, R1 deny, nearest.quantity 250`. */
function said(compared: PolicyCaseResult['compared'], side: 'expected' | 'got'): string {
  return compared
    .map((one) => (one.what === 'outcome' ? one[side] : `${one.what} ${one[side]}`))
    .join(', ');
}
