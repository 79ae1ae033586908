import type { Command } from 'commander';
import type { CliContext } from '../context.ts';

/** `start`, `doctor`, `simgateway` and `mcp`: programs of their own. */
export function addProgramCommands(program: Command, context: CliContext): void {
  const { machine } = context;
  program
    .command('start')
    .description('start everything under one supervisor')
    .option('--headless-json', 'one line of JSON instead of a screen')
    .action(async (options: { readonly headlessJson?: boolean }) => {
      const args = options.headlessJson === true ? ['--headless-json'] : [];
      context.setExitCode(await machine.start(args));
    });
  program
    .command('doctor')
    .description('look at this machine and say what is missing')
    .option('--json', 'print JSON')
    .action(async () => {
      context.setExitCode(await machine.doctor());
    });
  program
    .command('simgateway')
    .description('the simulated IB Gateway alone: any IB client can connect')
    .argument('[options...]', 'see `countersign simgateway --help`')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: readonly string[]) => {
      context.setExitCode(await machine.simulateGateway(args));
    });
  program
    .command('mcp')
    .description('serve MCP over stdin and stdout, for an agent host that starts programs')
    .action(() => machine.serveMcp());
}
