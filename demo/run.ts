// `npm run demo`: a real agent and a real operator at the product that runs here, one chapter after the
// other. Everything that is printed has been observed from outside (MCP, HTTP, the exchange's control port,
// the temporal CLI, `countersign audit verify`); exit code 0 means that all of it was as it has to be.
import { SetupError, exitCodes } from '../tools/setup/setup-error.mjs';
import { connectAgent, type Agent } from './agent.ts';
import { chapters } from './chapters/index.ts';
import { exchangeAt, openExchange } from './exchange.ts';
import { expectSame, lookUntil } from './observe.ts';
import { startOperator } from './operator-process.ts';
import { createReport, NotObserved, type Report } from './report.ts';
import { findRunningProduct } from './running-product.ts';
import type { Chapter, Stage } from './stage.ts';
import { temporalCli } from './temporal-cli.ts';

const usageExitCode = 2;
/** The gateway asks its broker for the time with every liveness ping. */
const clockNewsWithinMs = 90_000;

async function main(args: readonly string[], report: Report): Promise<number> {
  if (args.includes('--list')) {
    for (const { name, title } of chapters) report.say(`${name.padEnd(13)}${title}`);
    return exitCodes.ok;
  }
  const unknown = args.find((arg) => chapters.every(({ name }) => name !== arg));
  if (unknown !== undefined) {
    const known = chapters.map(({ name }) => name).join(', ');
    report.say(`There is no chapter "${unknown}": ${known} (or --list).`);
    return usageExitCode;
  }
  const chosen = args.length === 0 ? chapters : chapters.filter(({ name }) => args.includes(name));
  const product = await findRunningProduct();
  const exchange = exchangeAt(product.simControlUrl, product.simPort);
  const [agent, operator, temporal] = await Promise.all([
    connectAgent(product.mcpUrl, product.agentKey),
    startOperator(product.apiUrl),
    temporalCli(product.temporalAddress, product.temporalNamespace),
  ]);
  const stage: Stage = { agent, operator, exchange, temporal, report };
  try {
    report.say(
      `Countersign at ${product.apiUrl}: the agent speaks MCP with its key, the operator HTTP with a session.`,
    );
    await prepare(stage);
    return await playAll(stage, chosen);
  } finally {
    await agent.close();
    operator.stop();
  }
}

async function prepare({ agent, exchange, report }: Stage): Promise<void> {
  const moved = await openExchange(exchange);
  if (moved !== null) await announceClock(agent, report, exchange.controlUrl, moved);
  expectSame('connection_status over MCP', (await agent.connection()).status, 'ok');
  const halt = await agent.haltStatus();
  if (halt.state === 'active') {
    throw new SetupError(
      `Trading is halted (${halt.reason ?? 'no reason given'}): release it first with countersign release --reason "…".`,
      exitCodes.failed,
    );
  }
}

/** Says how the clock was set, and waits until the product has heard the new time from its broker. */
async function announceClock(
  agent: Agent,
  report: Report,
  controlUrl: string,
  instant: string,
): Promise<void> {
  report.say(
    `The market was closed. The clock of the simulated exchange now says ${instant}, a trading moment: PUT ${controlUrl}/clock {"instant":"${instant}"} did it, and the same call sets it back (src/simgateway/README.md). The trading-hours rule stays on.`,
  );
  const hours = async (): Promise<string | undefined> => {
    const { verdict } = await agent.evaluate({ symbol: 'AAPL', side: 'BUY', quantity: 1 });
    return verdict.rules.find(({ rule }) => rule === 'R5')?.outcome;
  };
  const seen = await lookUntil(hours, (outcome) => outcome === 'pass', clockNewsWithinMs);
  expectSame('trading-hours rule at a trading moment', seen, 'pass');
}

async function playAll(stage: Stage, chosen: readonly Chapter[]): Promise<number> {
  const { report } = stage;
  const failed: string[] = [];
  for (const chapter of chosen) {
    report.title(`${chapters.indexOf(chapter) + 1} ${chapter.name} — ${chapter.title}`);
    try {
      await chapter.play(stage);
      report.good('every step was observed from outside');
    } catch (failure) {
      failed.push(chapter.name);
      report.bad(failure instanceof NotObserved ? failure.message : describe(failure));
    }
  }
  const sum = `${chosen.length - failed.length} of ${chosen.length} chapters as told`;
  report.title(failed.length === 0 ? `${sum}.` : `${sum}; not: ${failed.join(', ')}.`);
  return failed.length === 0 ? exitCodes.ok : exitCodes.failed;
}

function describe(failure: unknown): string {
  return failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
}

const report = createReport((text) => process.stdout.write(text), process.stdout.isTTY);
try {
  process.exitCode = await main(process.argv.slice(2), report);
} catch (failure) {
  if (!(failure instanceof SetupError) && !(failure instanceof NotObserved)) throw failure;
  process.stderr.write(`countersign demo: ${failure.message}\n`);
  process.exitCode = failure instanceof SetupError ? failure.exitCode : exitCodes.failed;
}
