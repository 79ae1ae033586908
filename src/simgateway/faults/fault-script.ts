// A script: faults to arm and other control calls to make, each at its time or its message. One JSON
// object a line. Steps are checked when the script is read, so a misspelt one never waits in vain.
import { controlRoutes } from '../control/control.ts';
import type { Control } from '../control/control.ts';
import { ControlError, readInput } from '../control/field.ts';
import type { AnyRoute } from '../control/route.ts';
import type { Simulation } from '../simulation.ts';
import { faultProblem } from './fault-plan.ts';
import type { FaultRequest } from './fault-plan.ts';

/** When a step is taken: at the start unless it says otherwise. */
type When = {
  /** Exchange milliseconds after the start, or an ISO instant of the exchange clock. */
  at?: number | string;
  /** Right after the `nth` (1) received message of this name has been journaled, before it acts. */
  on?: { message: string; nth?: number };
};
/** One step: a control call by its TypeScript name, `armFault` unless given, with its fields. */
export type ScriptStep = When & { do?: string; [field: string]: unknown };

/** A script that cannot be read; the text names the step. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

const routes: Readonly<Record<string, AnyRoute>> = controlRoutes;
const DEFAULT_CALL = 'armFault';

/** The fields of the call itself. In a fault, `on` given as text is the fault's own field. */
function callOf(step: ScriptStep): { name: string; input: Record<string, unknown> } {
  const isWhen = (field: string, value: unknown) =>
    field === 'at' || field === 'do' || (field === 'on' && typeof value === 'object');
  const fields = Object.entries(step).filter(([field, value]) => !isWhen(field, value));
  return { name: step.do ?? DEFAULT_CALL, input: Object.fromEntries(fields) };
}

function problemOf(step: ScriptStep): string | undefined {
  const { name, input } = callOf(step);
  const r = routes[name];
  if (r === undefined) return `unknown call '${name}'; known: ${Object.keys(routes).join(', ')}`;
  if (typeof step.at === 'string' && Number.isNaN(Date.parse(step.at))) {
    return `'at' must be exchange milliseconds or an ISO instant`;
  }
  const nth = typeof step.on === 'object' ? (step.on.nth ?? 1) : 1;
  if (!Number.isSafeInteger(nth) || nth < 1) return `'nth' must be at least 1`;
  const params = new Set([...r.path.matchAll(/:(\w+)/g)].map((m) => m[1]));
  const fields = Object.entries(input).filter(([field]) => !params.has(field));
  try {
    readInput(r.fields, Object.fromEntries(fields));
  } catch (cause) {
    if (cause instanceof ControlError) return cause.message;
    throw cause;
  }
  return name === DEFAULT_CALL ? faultProblem(input as FaultRequest) : undefined;
}

function parseStep(text: string, where: string): ScriptStep {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ScriptError(`${where}: ${cause instanceof Error ? cause.message : 'not JSON'}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ScriptError(`${where}: a step is a JSON object`);
  }
  return value as ScriptStep;
}

/** Throws ScriptError where a step can never work. */
export function checkScript(steps: readonly ScriptStep[], where = (i: number) => `step ${i + 1}`) {
  for (const [i, step] of steps.entries()) {
    const problem = problemOf(step);
    if (problem !== undefined) throw new ScriptError(`${where(i)}: ${problem}`);
  }
}

/**
 * Reads a script: a JSON object a line, perhaps after `- `; empty lines and lines that begin with `#`
 * or `//` are skipped. Throws ScriptError, naming the line.
 */
export function parseScript(text: string): ScriptStep[] {
  const lines = text
    .split('\n')
    .map((line, i) => ({ number: i + 1, text: line.trim().replace(/^-\s+/, '') }))
    .filter((line) => line.text !== '' && !/^(#|\/\/)/.test(line.text));
  const steps = lines.map((line) => parseStep(line.text, `line ${line.number}`));
  checkScript(steps, (i) => `line ${lines[i]?.number ?? 0}`);
  return steps;
}

/** Takes the steps that are due now, and sets the others waiting. */
export function runScript(sim: Simulation, control: Control, steps: readonly ScriptStep[]): void {
  const calls = control as unknown as Record<string, (input: object) => unknown>;
  const take = (step: ScriptStep) => {
    const { name, input } = callOf(step);
    sim.journal.add('fault', -1, 'script', { do: name, fields: JSON.stringify(input) });
    try {
      calls[name]?.(input);
    } catch (cause) {
      if (!(cause instanceof ControlError)) throw cause;
      sim.journal.add('fault', -1, 'script-failed', { do: name, text: cause.message });
    }
  };
  for (const step of steps) {
    if (typeof step.on === 'object') {
      const { message, nth } = step.on;
      sim.journal.onMessage(message, nth ?? 1, () => {
        take(step);
      });
    } else {
      const wait =
        typeof step.at === 'string' ? Date.parse(step.at) - sim.clock.now() : (step.at ?? 0);
      if (wait <= 0) take(step);
      else
        sim.clock.after(wait, () => {
          take(step);
        });
    }
  }
}
