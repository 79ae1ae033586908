// A file of JSON lines: what changed is appended, and now and then the whole is written anew without
// what is out of date. Lines are written with one synchronous call per commit, before any byte of the
// answer leaves, so a killed process never acknowledged what it did not keep. Only with `sync` does it
// also outlive a power cut.
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { lockFile } from './file-lock.ts';
import { StateFileError } from './state-file-error.ts';

/** Where changes are kept. */
export type StateLog = {
  append(record: object): void;
  /** Writes everything appended so far. */
  commit(): void;
  close(): void;
  /** Empties the file. */
  erase(): void;
};
type StateLogOptions = {
  file: string;
  /** Forces every commit to disk. */
  sync: boolean;
  replay: (record: unknown) => void;
  /** Records that stand for everything there is now. */
  snapshot: () => Iterable<object>;
  /** Bytes from which a file that has doubled is written anew. */
  compactFrom?: number;
};

/** Raised whenever a record changes its shape. 1 had no version line. */
const FORMAT = 2;
const HEADER = `${JSON.stringify({ t: 'simgateway-state', version: FORMAT })}\n`;
const COMPACT_FROM_BYTES = 16 * 1024 * 1024;
const CHUNK_LINES = 10_000;

function readWhole(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw cause;
  }
}

function parseLine(file: string, line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new StateFileError(`${file} is damaged: line ${number} is not JSON.`);
  }
}

function checkVersion(file: string, line: string): void {
  const header = parseLine(file, line, 1) as { t?: unknown; version?: unknown };
  if (header.t === 'simgateway-state' && header.version === FORMAT) return;
  const version = header.t === 'simgateway-state' ? String(header.version) : '1';
  throw new StateFileError(
    `${file} has format ${version}, and this gateway writes format ${FORMAT}: ` +
      'move the file away to start afresh.',
  );
}

/** Hands every complete record to `replay`; returns the bytes of what is whole. */
function replayFile({ file, replay }: StateLogOptions): number {
  const text = readWhole(file);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = whole.split('\n');
  if (whole !== '') checkVersion(file, lines[0] ?? '');
  for (let i = 1; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    if (line !== '') replay(parseLine(file, line, i + 1));
  }
  return Buffer.byteLength(whole);
}

/** Writes all of it: one call may take less than it was given. */
function writeAll(fd: number, text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  let at = 0;
  while (at < bytes.length) at += writeSync(fd, bytes, at);
  return bytes.length;
}

/** An open file and how much is in it. */
type OpenFile = { fd: number; size: number };

/** The file written anew, so that a crash at any moment leaves the old one or the new one. */
function writeAnew({ file, snapshot }: StateLogOptions): OpenFile {
  const fresh = `${file}.new`;
  const fd = openSync(fresh, 'w');
  let size = writeAll(fd, HEADER);
  let lines: string[] = [];
  const flush = () => {
    if (lines.length > 0) size += writeAll(fd, `${lines.join('\n')}\n`);
    lines = [];
  };
  for (const record of snapshot()) {
    lines.push(JSON.stringify(record));
    if (lines.length >= CHUNK_LINES) flush();
  }
  flush();
  fsyncSync(fd);
  renameSync(fresh, file);
  return { fd, size };
}

/**
 * Opens (or creates) the log and replays it; a torn last line is cut. Throws StateFileError when
 * another process has it, when it is damaged, or when it has another format.
 */
export function openStateLog(options: StateLogOptions): StateLog {
  const { file, sync, compactFrom = COMPACT_FROM_BYTES } = options;
  const unlock = lockFile(file);
  let open: OpenFile;
  try {
    replayFile(options);
    open = writeAnew(options);
  } catch (cause) {
    unlock();
    throw cause;
  }
  let compactAt = Math.max(compactFrom, 2 * open.size);
  let lines: string[] = [];
  const commit = () => {
    if (lines.length === 0) return;
    open.size += writeAll(open.fd, `${lines.join('\n')}\n`);
    lines = [];
    if (sync) fsyncSync(open.fd);
    if (open.size < compactAt) return;
    closeSync(open.fd);
    open = writeAnew(options);
    compactAt = Math.max(compactFrom, 2 * open.size);
  };
  return {
    append: (record) => {
      lines.push(JSON.stringify(record));
    },
    commit,
    close: () => {
      commit();
      closeSync(open.fd);
      unlock();
    },
    erase: () => {
      lines = [];
      ftruncateSync(open.fd);
      open.size = 0;
    },
  };
}

/** A log that keeps nothing. */
export const noStateLog: StateLog = {
  append: () => undefined,
  commit: () => undefined,
  close: () => undefined,
  erase: () => undefined,
};
