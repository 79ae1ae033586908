// A lock against two gateways on one state file: a file beside it that names the process. It is taken
// over from a process that is gone, so a killed gateway can be started again at once.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { StateFileError } from './state-file-error.ts';

/** Locks of this process: its own id in a lock file may also be left over from an earlier life. */
const held = new Set<string>();

/** When a process started, in the kernel's count; empty where that cannot be told. Ids are used again. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    // No /proc on this system, or no such process: then the process id alone has to do.
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // It exists, and belongs to somebody else.
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}

function holderOf(lock: string): number | undefined {
  const [pid = '', start = ''] = readFileSync(lock, 'utf8').trim().split(' ');
  const holder = Number(pid);
  if (!Number.isSafeInteger(holder) || holder < 1) return undefined;
  if (holder === process.pid) return held.has(lock) ? holder : undefined;
  return isAlive(holder) && startOf(holder) === start ? holder : undefined;
}

/** Locks a file for this process; the result unlocks it. Throws StateFileError while another holds it. */
export function lockFile(file: string): () => void {
  const lock = `${file}.lock`;
  const take = () => {
    writeFileSync(lock, `${process.pid} ${startOf(process.pid)}\n`, { flag: 'wx' });
  };
  try {
    take();
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    const holder = holderOf(lock);
    if (holder !== undefined) {
      throw new StateFileError(`${file} is in use by the gateway with process id ${holder}.`);
    }
    rmSync(lock, { force: true });
    take();
  }
  held.add(lock);
  return () => {
    held.delete(lock);
    rmSync(lock, { force: true });
  };
}
