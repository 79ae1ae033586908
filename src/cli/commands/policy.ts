import { Option, type Command } from 'commander';
import { z } from 'zod';
import { ConfigurationError } from '../../config/env.ts';
import { loadRiskPolicy, shippedPolicyFile } from '../../config/risk-policy.ts';
import { environments } from '../../config/variables.ts';
import type { RiskPolicy } from '../../domain/risk/policy.ts';
import { riskRules } from '../../domain/risk/rules/index.ts';
import { apiClient } from '../api-client.ts';
import { addCommand, type CliContext } from '../context.ts';
import { exitCodes, type Outcome } from '../outcome.ts';
import { visible } from '../visible.ts';
import { policyShow } from './policy-show.ts';
import { addPolicyTest } from './policy-test.ts';
import { addReadCommand } from './read-command.ts';

/** `policy check | explain | test | show | reload`: the first three read a file and need nothing that runs. */

type Environment = (typeof environments)[number];
const env = new Option('--env <environment>', 'whose demands it has to meet')
  .choices(environments)
  .default('dev');

const Reloaded = z.object({
  outcome: z.enum(['active', 'proposed', 'unchanged']),
  hash: z.string(),
  changes: z.array(
    z.object({ key: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
  ),
});

export function addPolicyCommands(program: Command, context: CliContext): void {
  const policy = program.command('policy').description('the limits of the gate');
  addCommand<{ env: Environment }>(policy, context, {
    usage: 'check <file>',
    description: 'whether a policy file may be used; exit code 1 with every problem if not',
    options: [env],
    run: ([file = ''], options) => Promise.resolve(check(file, options.env)),
  });
  addCommand<{ env: Environment; file?: string }>(policy, context, {
    usage: 'explain',
    description: 'every rule with its limit, what it protects and whether a human may decide',
    options: [env, new Option('--file <file>', 'another file than the one that is shipped')],
    run: (_args, options) => {
      const file = options.file ?? shippedPolicyFile(options.env);
      return Promise.resolve(explain(loadRiskPolicy(file, options.env)));
    },
  });
  addPolicyTest(policy, context);
  addReadCommand(policy, context, policyShow);
  addCommand<{ expectedHash?: string }>(policy, context, {
    usage: 'reload',
    description: 'put the policy file in force for every process; in live two operators do',
    isWrite: true,
    options: [new Option('--expected-hash <hash>', 'refuse a file that has another one')],
    run: async (_args, { expectedHash }) => {
      const client = apiClient(context.home, context.apiUrl);
      const body = expectedHash === undefined ? {} : { expectedHash };
      return reloaded(await client.post('/policy/reload', body));
    },
  });
}

function check(file: string, environment: Environment): Outcome {
  try {
    const { version, hash } = loadRiskPolicy(file, environment);
    return { json: { valid: true, version, hash, problems: [] }, lines: [`valid  ${hash}`] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const { problems } = error;
    return {
      json: { valid: false, problems },
      lines: problems.map((problem) => visible(problem)),
      exitCode: exitCodes.refused,
    };
  }
}

function explain(policy: RiskPolicy): Outcome {
  const rules = riskRules.map(({ id, title, protects, unit, configKey }) => {
    const { enabled, ...limits } = policy.rules[configKey];
    return {
      ...{ rule: id, title, protects, unit, enabled, limits },
      offBecause: policy.offBecause[configKey] ?? null,
      review: policy.manualReview[configKey] ?? [],
    };
  });
  const lines = rules.flatMap(({ rule, title, unit, enabled, limits, review, ...rest }) => {
    const because = rest.offBecause === null ? '' : ` (${rest.offBecause})`;
    const limit = Object.entries(limits).map(([name, value]) => `${name} ${textOf(value)}`);
    return [
      `${rule.padEnd(4)}${title}: ${enabled ? limit.join(', ') || 'on' : `off${because}`} [${unit}]`,
      `    ${rest.protects}`,
      ...(review.length === 0 ? [] : [`    a human may decide on: ${review.join(', ')}`]),
    ];
  });
  const { version, hash } = policy;
  return { json: { version, hash, rules }, lines: [`${version}  ${hash}`, ...lines.map(visible)] };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function reloaded(body: unknown): Outcome {
  const { outcome, hash, changes } = Reloaded.parse(body);
  const said = {
    active: 'In force for every process',
    proposed: 'Proposed: it counts once a second operator repeats this',
    unchanged: 'This policy is in force already',
  }[outcome];
  const lines = changes.map(({ key, from, to }) =>
    visible(`  ${key}: ${from ?? '–'} → ${to ?? '–'}`),
  );
  return { json: body, lines: [`${said}: ${hash}`, ...lines] };
}
