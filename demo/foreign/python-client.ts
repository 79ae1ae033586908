import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { NotObserved } from '../report.ts';
import type { ForeignClient, ForeignSeat } from './foreign-client.ts';

const script = fileURLToPath(new URL('ib_async_client.py', import.meta.url));
const Answer = z.object({ value: z.unknown(), failure: z.string().optional() });
const Connected = z.object({ serverVersion: z.number() });
const Placed = z.object({ orderId: z.number(), permId: z.number() });
const Open = z.array(Placed.extend({ orderRef: z.string() }));

/** ib_async in a process of its own; one line is one call, the next line its answer. */
export function connectPython(python: string, seat: ForeignSeat): ForeignClient {
  const args = [script, String(seat.port), String(seat.clientId), seat.account];
  const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (does: string, fields: object = {}): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify({ does, ...fields })}\n`);
    const line = await answers.next();
    if (line.done === true) throw new NotObserved(`ib_async: it ended instead of ${does}`);
    const { value, failure } = Answer.parse(JSON.parse(line.value));
    if (failure !== undefined) throw new NotObserved(`ib_async, ${does}: ${failure}`);
    return value;
  };
  return {
    name: 'ib_async (Python)',
    connect: async () => Connected.parse(await ask('connect')),
    place: async (order) => Placed.parse(await ask('place', order)),
    open: async () => Open.parse(await ask('open')),
    lost: async () => {
      await ask('lost');
    },
    cancel: async (orderRef) => {
      await ask('cancel', { orderRef });
    },
    stop: () => {
      child.stdin.end();
    },
  };
}
