import { z } from 'zod';
import { operation } from './operation.ts';
import { anyReader } from './parts/role-groups.ts';

const count = z.int();

export const readStatistics = operation({
  name: 'read_statistics',
  title: 'Statistics of reads',
  description:
    'How the reads from the broker went since the gateway process began: hits, misses and evictions of each cache with the age ' +
    'of its oldest entry, market data lines in use, and the room that is left in the pacing of historical data.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/market/statistics' },
  mcp: null,
  input: z.strictObject({}),
  output: z.object({
    caches: z.array(
      z.object({
        name: z.string(),
        entries: count,
        keepMs: count,
        oldestMs: count.nullable().describe('Age of the oldest entry; null = empty'),
        hits: count.describe('Answered without asking the broker'),
        misses: count,
        shared: count.describe('Joined the same question that was under way'),
        bypassed: count.describe('Asked anew because fresh was set'),
        evictions: count,
      }),
    ),
    lines: z
      .object({ open: count, most: count, evictions: count, refused: count })
      .describe('Market data lines; refused = the broker had none left (101)'),
    history: z
      .object({ asked: count, most: count, paced: count })
      .describe(
        'Historical questions of the last ten minutes; paced = refused by the broker (162)',
      ),
  }),
  async run(context) {
    const { caches, lines, history } = await context.broker.statistics();
    return { caches: [...caches], lines, history };
  },
});
