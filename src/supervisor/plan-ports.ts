// Decides the ports before anything starts. A port that clients know (api, mcp, or one that the user
// named) is never moved; an inner one gives way to a taken port, and both are said.
import type { PortName, PortWish, SetupEnv } from '../config/setup-env.ts';
import { describePortOwner, findPortOwner } from '../embedded/port-owner.ts';
import { findFreePort, isPortFree } from '../embedded/ports.ts';
import { endForeignProcess } from '../embedded/process-table.ts';
import { SetupError, exitCodes } from '../../tools/setup/setup-error.mjs';

export type PortPlan = Readonly<Record<PortName, number>>;

const publicPorts: ReadonlySet<PortName> = new Set<PortName>(['api', 'mcp']);

/** The ports that this start has to bind, in the order in which they are checked. */
export function neededPorts(env: SetupEnv): PortName[] {
  return [
    'api',
    'mcp',
    'gateway',
    ...(env.broker === 'sim' ? (['sim', 'simControl'] as const) : []),
    ...(env.temporalAddress === undefined ? (['temporal', 'temporalUi'] as const) : []),
    ...(env.databaseUrl === undefined ? (['postgres'] as const) : []),
  ];
}

/**
 * The port of everything that `needed` names; refuses with every taken port at once.
 * A process whose command line contains `ownPrograms` is a leftover of ours and is ended.
 */
export async function planPorts(
  wishes: SetupEnv['ports'],
  needed: readonly PortName[],
  ownPrograms: string,
  notice: (text: string) => void,
): Promise<PortPlan> {
  const plan = Object.fromEntries(
    Object.entries(wishes).map(([name, wish]) => [name, wish.port]),
  ) as Record<PortName, number>;
  const problems: string[] = [];
  for (const name of needed) {
    const wish = wishes[name];
    if (await becomesFree(wish, ownPrograms)) continue;
    const taken = `port ${wish.port} (${name}) is taken by ${describePortOwner(wish.port)}`;
    if (publicPorts.has(name) || wish.isExplicit) {
      problems.push(`${taken}: stop that, or set ${wish.variable} to another port`);
    } else {
      plan[name] = await findFreePort();
      notice(`${taken}: using ${plan[name]} instead (or set ${wish.variable}).`);
    }
  }
  if (problems.length > 0) throw new SetupError(`${problems.join('; ')}.`, exitCodes.tryAgain);
  return plan;
}

async function becomesFree({ port }: PortWish, ownPrograms: string): Promise<boolean> {
  if (await isPortFree(port)) return true;
  const owner = findPortOwner(port);
  if (owner?.command.includes(ownPrograms) !== true) return false;
  await endForeignProcess(owner.pid, ['SIGTERM'], 6_000);
  return isPortFree(port);
}
