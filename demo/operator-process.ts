import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { NotObserved } from './report.ts';

/** What the operator's process can be asked to do. */
export type OperatorCall =
  | { readonly does: 'look' | 'audit'; readonly intentId: string }
  | {
      readonly does: 'decide';
      readonly verb: 'grant' | 'deny';
      readonly approvalId: string;
      readonly envelopeHash: string;
      readonly reason?: string;
    }
  | { readonly does: 'release'; readonly reason: string };

export type OperatorAnswer = {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: string;
};

const Pending = z.object({
  approvalId: z.string(),
  intentId: z.string(),
  envelopeHash: z.string(),
  envelope: z.object({
    terms: z.object({ side: z.string(), quantity: z.string(), limitPrice: z.string() }),
    contract: z.object({ symbol: z.string() }),
    reason: z.string(),
  }),
});
const Decided = z.object({
  status: z.number(),
  body: z.object({ state: z.string().optional(), code: z.string().optional() }),
});
const Trail = z.object({
  body: z.object({
    events: z.array(
      z.object({
        seq: z.number(),
        at: z.string(),
        body: z.string(),
        previousHash: z.string(),
        hash: z.string(),
        event: z.object({ type: z.string(), actor: z.object({ channel: z.string() }).loose() }),
      }),
    ),
  }),
});
const Released = z.object({ status: z.number(), body: z.object({ state: z.string() }) });

export type PendingApproval = z.infer<typeof Pending>;
export type AuditTrail = z.infer<typeof Trail>['body']['events'];

/** Starts the operator's process; it has logged in when this returns. */
export async function startOperator(apiUrl: string) {
  const child = fork(fileURLToPath(new URL('operator.ts', import.meta.url)), [apiUrl]);
  const waiting = new Map<number, (answer: OperatorAnswer) => void>();
  let lastId = 0;
  child.on('message', (answer: OperatorAnswer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.on('exit', () => {
    for (const [id, settle] of waiting) settle({ id, failure: "the operator's process has ended" });
  });
  const answerTo = async (id: number): Promise<unknown> => {
    const answer = await new Promise<OperatorAnswer>((resolve) => waiting.set(id, resolve));
    if (answer.failure !== undefined)
      throw new NotObserved(`operator: expected an answer, saw ${answer.failure}`);
    return answer.value;
  };
  const ask = async <T>(call: OperatorCall, shape: z.ZodType<T>): Promise<T> => {
    lastId += 1;
    const answer = answerTo(lastId);
    child.send({ id: lastId, call });
    return shape.parse(await answer);
  };
  await answerTo(0);
  return {
    /** The open approval of that order as the operator sees it, within ten seconds; else null. */
    look: (intentId: string) => ask({ does: 'look', intentId }, Pending.nullable()),
    decide: (decision: Omit<Extract<OperatorCall, { does: 'decide' }>, 'does'>) =>
      ask({ does: 'decide', ...decision }, Decided),
    audit: async (intentId: string) => (await ask({ does: 'audit', intentId }, Trail)).body.events,
    release: (reason: string) => ask({ does: 'release', reason }, Released),
    stop: () => {
      if (child.connected) child.disconnect();
    },
  };
}

export type Operator = Awaited<ReturnType<typeof startOperator>>;
