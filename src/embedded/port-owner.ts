// Says who holds a TCP port: from /proc on Linux, from lsof elsewhere. Another user's process may
// stay unnamed; then the answer is only that the port is taken.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { commandLine } from './process-table.ts';

export type PortOwner = { readonly pid: number; readonly command: string };

const listening = '0A';

/** The process that listens on the port; undefined when it cannot be seen. */
export function findPortOwner(port: number): PortOwner | undefined {
  const pid = process.platform === 'linux' ? ownerFromProc(port) : ownerFromLsof(port);
  if (pid === undefined) return undefined;
  return { pid, command: commandLine(pid) ?? 'unknown command' };
}

/** `pid 123 (python3 -m http.server)`, or what can be said without it. */
export function describePortOwner(port: number): string {
  const owner = findPortOwner(port);
  if (owner === undefined) return 'a process that this user cannot see';
  const command = owner.command.length > 120 ? `${owner.command.slice(0, 117)}...` : owner.command;
  return `pid ${owner.pid} (${command})`;
}

/** The socket inodes that listen on `port`, from the text of /proc/net/tcp or tcp6. */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) === true && fields[3] === listening)
    .flatMap((fields) => fields[9] ?? []);
}

function ownerFromProc(port: number): number | undefined {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    listeningInodes(readOrEmpty(file), port),
  );
  const targets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  if (targets.size === 0) return undefined;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const pid = pids.find((name) => holdsAny(name, targets));
  return pid === undefined ? undefined : Number(pid);
}

function holdsAny(pid: string, targets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) =>
      targets.has(readlinkSync(`/proc/${pid}/fd/${fd}`)),
    );
  } catch {
    return false; // another user's process, or gone meanwhile
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // no IPv6 in this kernel
  }
}

function ownerFromLsof(port: number): number | undefined {
  try {
    const args = ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'];
    const first = execFileSync('lsof', args, { encoding: 'utf8' }).split('\n', 1)[0];
    return first === undefined || first === '' ? undefined : Number(first);
  } catch {
    return undefined; // no lsof, or nothing that this user may see
  }
}
