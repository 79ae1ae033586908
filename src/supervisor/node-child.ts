// One of our own processes as a supervised program: ready when it says so over IPC, with its output in
// a log file and its errors announced.
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Exit, Running } from '../embedded/running.ts';
import { spawnServer } from '../embedded/spawn.ts';
import { errorIn } from './log-file.ts';
import type { LogFile } from './log-file.ts';

export type NodeChildSpec = {
  readonly script: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly log: LogFile;
  /** Hears of lines that tell of an error. */
  readonly onError: (text: string) => void;
};

const readyMessage = z.looseObject({ type: z.literal('ready') });

/** What a process tells when it is ready; api adds the operator link and the agent key's file. */
export type ReadyMessage = z.infer<typeof readyMessage>;

export type NodeChild = Running & { readonly ready: ReadyMessage };

/** A process that ended, or said nothing, before it was ready. */
export class ChildNotReady extends Error {
  readonly exit: Exit | undefined;
  constructor(message: string, exit: Exit | undefined) {
    super(message);
    this.exit = exit;
  }
}

const readyTimeoutMs = 60_000;
const stopRule = { signal: 'SIGTERM', graceMs: 10_000 } as const;
/** A small young generation: our processes make much short-lived garbage and keep little. */
const memoryFlags = ['--max-semi-space-size=4'] as const;
const orphanGuard = fileURLToPath(new URL('orphan-guard.ts', import.meta.url));

/** Starts the program and resolves when it is ready; `abort` ends the attempt. */
export async function startNodeChild(spec: NodeChildSpec, abort: AbortSignal): Promise<NodeChild> {
  let sayReady: (message: ReadyMessage) => void = () => undefined;
  const said = new Promise<ReadyMessage>((resolve) => {
    sayReady = resolve;
  });
  // A program that also runs without a supervisor may say it in a line of JSON instead.
  const server = await spawnServer(
    {
      file: process.execPath,
      args: [
        '--disable-warning=ExperimentalWarning',
        ...memoryFlags,
        '--import',
        orphanGuard,
        spec.script,
        ...spec.args,
      ],
      cwd: spec.cwd,
      env: spec.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
    stopRule,
    (line) => {
      spec.log.write(line);
      if (line.startsWith('{"ready":true')) sayReady({ type: 'ready' });
      const error = errorIn(line);
      if (error !== undefined) spec.onError(error);
    },
  );
  server.child.on('message', (message) => {
    const parsed = readyMessage.safeParse(message);
    if (parsed.success) sayReady(parsed.data);
  });
  const ready = await firstOf(said, server.exited, abort);
  if ('type' in ready) return { pid: server.pid, exited: server.exited, stop: server.stop, ready };
  await server.stop();
  const gist = spec.log.gist();
  const details = gist === '' ? '' : `, saying: ${gist} (see ${spec.log.path})`;
  throw new ChildNotReady(`${ready.problem}${details}`, ready.exit);
}

type NotReady = { readonly problem: string; readonly exit: Exit | undefined };

async function firstOf(
  said: Promise<ReadyMessage>,
  exited: Promise<Exit>,
  abort: AbortSignal,
): Promise<ReadyMessage | NotReady> {
  const over = new Promise<NotReady>((resolve) => {
    const seconds = readyTimeoutMs / 1000;
    const timer = setTimeout(() => {
      resolve({ problem: `was not ready within ${seconds} s`, exit: undefined });
    }, readyTimeoutMs);
    const finish = (answer: NotReady): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    abort.addEventListener('abort', () => {
      finish({ problem: 'was stopped', exit: undefined });
    });
    if (abort.aborted) finish({ problem: 'was stopped', exit: undefined });
    void said.then(() => {
      clearTimeout(timer);
    });
    void exited.then((exit) => {
      finish({ problem: `ended with ${describeExit(exit)} before it was ready`, exit });
    });
  });
  return Promise.race([said, over]);
}

/** `exit code 3`, or the signal's name. */
export function describeExit({ code, signal }: Exit): string {
  return signal ?? `exit code ${code ?? 'unknown'}`;
}
