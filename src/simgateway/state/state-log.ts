// An append-only file of JSON lines. Lines are written with one synchronous call per commit, before
// any byte of the answer leaves, so a killed process never acknowledged what it did not keep. It does
// not call fsync: it guards against a killed process, not against a power cut.
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

type StateLog = {
  append(record: object): void;
  /** Writes everything appended so far. */
  commit(): void;
  close(): void;
  /** Empties the file. */
  erase(): void;
};

function readWhole(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw cause;
  }
}

/** Opens (or creates) the log, handing every complete record to `replay`; a torn last line is cut. */
export function openStateLog(file: string, replay: (record: unknown) => void): StateLog {
  const text = readWhole(file);
  const end = text.lastIndexOf('\n') + 1;
  for (const line of text.slice(0, end).split('\n')) {
    if (line !== '') replay(JSON.parse(line));
  }
  const fd = openSync(file, 'a');
  ftruncateSync(fd, Buffer.byteLength(text.slice(0, end)));
  let lines: string[] = [];
  const commit = () => {
    if (lines.length === 0) return;
    writeSync(fd, lines.join('\n') + '\n');
    lines = [];
  };
  return {
    append: (record) => {
      lines.push(JSON.stringify(record));
    },
    commit,
    close: () => {
      commit();
      closeSync(fd);
    },
    erase: () => {
      lines = [];
      ftruncateSync(fd);
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
