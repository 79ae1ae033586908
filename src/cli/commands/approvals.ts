import { Option, type Command } from 'commander';
import { z } from 'zod';
import { apiClient } from '../api-client.ts';
import { addCommand, type CliContext } from '../context.ts';
import { CommandFailure, exitCodes, type Outcome } from '../outcome.ts';
import { visible } from '../visible.ts';

const Approval = z.object({
  approvalId: z.string(),
  intentId: z.string(),
  status: z.string(),
  summary: z.string(),
  envelopeHash: z.string(),
  remainingMs: z.number(),
  decisions: z.array(
    z.object({ decision: z.string(), principal: z.string(), channel: z.string(), at: z.string() }),
  ),
  autoApproval: z
    .object({ matched: z.array(z.object({ category: z.string() })) })
    .nullable()
    .default(null),
  envelope: z.object({
    environment: z.string(),
    terms: z.object({ account: z.string() }),
    contract: z.object({ primaryExchange: z.string(), currency: z.string() }),
    priceBand: z.object({ low: z.string(), high: z.string() }),
    verdict: z.object({ outcome: z.string(), warnings: z.number() }),
    whatIf: z.object({ warning: z.string() }).nullable(),
    reason: z.string(),
  }),
});
type Approval = z.infer<typeof Approval>;
const Decided = z.object({ state: z.string(), next: z.string() });

type DecideOptions = { readonly hash?: string; readonly reason?: string; readonly yes?: boolean };
const decideOptions = [
  new Option('--hash <sha256>', 'the envelope hash that you have seen'),
  new Option('--yes', 'decide on what waits now, without being asked'),
];

/** `approvals list | show | grant | deny`. */
export function addApprovalCommands(program: Command, context: CliContext): void {
  const approvals = program.command('approvals').description('requests that wait for a human');
  const load = async (id: string): Promise<Approval> =>
    Approval.parse(
      await apiClient(context.home, context.apiUrl).get(`/approval/${encodeURIComponent(id)}`),
    );
  addCommand(approvals, context, {
    usage: 'list',
    description: 'open requests, the one that expires first on top',
    run: async () => {
      const body = await apiClient(context.home, context.apiUrl).get('/approval/pending');
      const { pending } = z.object({ pending: z.array(Approval) }).parse(body);
      const lines = pending.map((one) => `${one.approvalId}  ${headline(one)}  ${remaining(one)}`);
      return { json: body, lines: lines.length > 0 ? lines : ['Nothing waits.'] };
    },
  });
  addCommand(approvals, context, {
    usage: 'show <approvalId>',
    description: 'everything that would be signed',
    run: async ([id = '']) => {
      const approval = await load(id);
      return { json: approval, lines: describe(approval) };
    },
  });
  addCommand<DecideOptions>(approvals, context, {
    usage: 'grant <approvalId>',
    isWrite: true,
    description: 'countersign a request',
    options: [...decideOptions, new Option('--reason <text>', 'a note for the audit trail')],
    run: async ([id = ''], options) => decide(context, await load(id), 'grant', options),
  });
  addCommand<DecideOptions>(approvals, context, {
    usage: 'deny <approvalId>',
    isWrite: true,
    description: 'decline a request',
    options: [
      ...decideOptions,
      new Option('--reason <text>', 'why not; the agent reads it').makeOptionMandatory(),
    ],
    run: async ([id = ''], options) => decide(context, await load(id), 'deny', options),
  });
}

async function decide(
  context: CliContext,
  approval: Approval,
  verb: 'grant' | 'deny',
  options: DecideOptions,
): Promise<Outcome> {
  if (options.hash === undefined && options.yes !== true) await confirm(context, approval, verb);
  const body = await apiClient(context.home, context.apiUrl).post(
    `/approval/${approval.approvalId}/${verb}`,
    {
      envelopeHash: options.hash ?? approval.envelopeHash,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    },
  );
  const { state, next } = Decided.parse(body);
  return { json: body, lines: [`${approval.intentId} is ${state}. ${next}`] };
}

/** Shows what is decided on and asks a person to type the verb. */
async function confirm(context: CliContext, approval: Approval, verb: string): Promise<void> {
  if (context.ask === null) {
    throw new CommandFailure(
      exitCodes.usage,
      'Nobody can be asked here: give --hash with the envelope hash that you have seen, or --yes.',
    );
  }
  for (const line of describe(approval)) context.err(`${line}\n`);
  const answer = await context.ask(`Type ${verb} to ${verb}: `);
  if (answer.trim() !== verb) throw new CommandFailure(exitCodes.refused, 'Nothing was decided.');
}

function headline({ summary, envelope: { terms, contract } }: Approval): string {
  return visible(
    `${summary} (${contract.primaryExchange}, ${contract.currency}), ${terms.account}`,
  );
}

function matchedText({ autoApproval }: Approval): string {
  return (autoApproval?.matched ?? []).map(({ category }) => category).join(', ');
}

function remaining({ remainingMs }: Approval): string {
  return `${Math.floor(remainingMs / 1000)} s left`;
}

function describe(approval: Approval): string[] {
  const { envelope } = approval;
  const warning = envelope.whatIf?.warning ?? '';
  return [
    headline(approval),
    `environment   ${envelope.environment}`,
    `status        ${approval.status}, ${remaining(approval)}`,
    ...approval.decisions.map(
      (one) =>
        `decided       ${one.decision} by ${one.principal} through ${one.channel}, ${one.at}`,
    ),
    ...(approval.autoApproval === null ? [] : [`policy        ${matchedText(approval)}`]),
    `price band    ${envelope.priceBand.low} to ${envelope.priceBand.high}`,
    `gate          ${envelope.verdict.outcome}, ${envelope.verdict.warnings} warnings`,
    ...(warning === '' ? [] : [`broker says   ${visible(warning)}`]),
    `agent says    ${visible(envelope.reason)}   (unverified)`,
    `request       ${approval.intentId} / ${approval.approvalId}`,
    `hash          ${approval.envelopeHash}`,
  ];
}
