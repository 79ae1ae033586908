// Runs one program in place of this one: its signals, its exit code, and its end with ours.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';

/**
 * The exit code of `node script …args`. With `link`, the child holds an IPC channel and can tell that
 * this process was killed.
 */
export function runNode(node, script, args, { link = false, cwd, compileCache } = {}) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  if (compileCache) env.NODE_COMPILE_CACHE = compileCache;
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
  if (link && process.env.npm_lifecycle_event) stopWithParent(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** npm's shell dies of a signal without passing it on: its end is then the only news. */
function stopWithParent(child) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
  watch.unref();
}
