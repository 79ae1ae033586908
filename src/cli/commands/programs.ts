import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { CliContext } from '../context.ts';

/** `start`, `doctor` and `mcp`: programs of their own, loaded only when asked for. */
export function addProgramCommands(program: Command, context: CliContext): void {
  program
    .command('start')
    .description('start everything under one supervisor')
    .option('--headless-json', 'one line of JSON instead of a screen')
    .action(async (options: { readonly headlessJson?: boolean }) => {
      const { start } = await import('../../main/start.ts');
      const entriesDir = fileURLToPath(new URL('../../main', import.meta.url));
      const args = options.headlessJson === true ? ['--headless-json'] : [];
      context.setExitCode(await start({ entriesDir, args }));
    });
  program
    .command('doctor')
    .description('look at this machine and say what is missing')
    .option('--json', 'print JSON')
    .action(async () => {
      // It prints and sets the exit code itself.
      await import('../../main/doctor.ts');
      context.setExitCode(Number(process.exitCode ?? 0));
    });
  program
    .command('mcp')
    .description('serve MCP over stdin and stdout, for an agent host that starts programs')
    .action(async () => {
      const { runMcpStdio } = await import('../../main/mcp-stdio.ts');
      await runMcpStdio();
      // Lives until the host closes stdin; the process ends itself.
      await new Promise(() => undefined);
    });
}
