// Runs one program in place of this one: its signals, its exit code, and its end with ours.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';

/**
 * The exit code of `node script …args`. With `link`, the child holds an IPC channel and can tell that
 * this process was killed.
 */
export function runNode(node, script, args, { link = false, cwd } = {}) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  const stdio = link ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', script, ...args], {
    cwd,
    env,
    stdio,
  });
  // On a terminal the child hears Ctrl-C itself; it has to bear hearing it twice.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
