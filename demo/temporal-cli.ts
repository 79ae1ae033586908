// The workflow engine from outside, through the `temporal` CLI.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { resolveCacheDir } from '../tools/setup/dirs.mjs';
import { ensureTemporalCli } from '../tools/setup/temporal.mjs';

const Described = z.object({
  workflowExecutionInfo: z.object({ status: z.string() }),
  result: z.object({ state: z.string() }).optional(),
});

/** The CLI against one namespace. */
export async function temporalCli(address: string, namespace: string) {
  const program = await ensureTemporalCli(resolveCacheDir().dir);
  const run = async (args: readonly string[]): Promise<string> => {
    const target = ['--address', address, '--namespace', namespace];
    const { stdout } = await promisify(execFile)(program, [...args, ...target]);
    return stdout;
  };
  return {
    /** `temporal workflow signal`, as an operator types it. */
    signal: (workflowId: string, name: string, input: object) =>
      run(
        ['workflow', 'signal', '--workflow-id', workflowId, '--name', name].concat([
          '--input',
          JSON.stringify(input),
        ]),
      ),
    /** The status of the workflow, and what it returned where it has ended. */
    async describe(workflowId: string): Promise<{ status: string; state: string | null }> {
      const text = await run(['workflow', 'describe', '--workflow-id', workflowId, '-o', 'json']);
      const { workflowExecutionInfo, result } = Described.parse(JSON.parse(text));
      return { status: workflowExecutionInfo.status, state: result?.state ?? null };
    },
  };
}

export type TemporalCli = Awaited<ReturnType<typeof temporalCli>>;
