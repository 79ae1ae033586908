import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export type LogFile = {
  readonly path: string;
  readonly write: (line: string) => void;
  /** What the last lines amount to, in one line: the error among them, else the very last ones. */
  readonly gist: () => string;
  readonly close: () => Promise<void>;
};

const rotateAboveBytes = 5_000_000;
const keptFiles = 3;
const tailLines = 30;

/** Opens `<dir>/<name>.log` for appending; a large one is set aside first and three such are kept. */
export function openLog(dir: string, name: string): LogFile {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, `${name}.log`);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > rotateAboveBytes) rotate(path);
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  const lines: string[] = [];
  return {
    path,
    write: (line) => {
      if (lines.push(line) > tailLines) lines.shift();
      if (stream.writable) stream.write(`${line}\n`);
    },
    gist: () => gistOf(lines),
    close: () =>
      new Promise((resolve) => {
        stream.end(resolve);
      }),
  };
}

/** The first line that names an error, else the list of problems at the end, else the last three that say anything. */
export function gistOf(lines: readonly string[]): string {
  const error = lines.map(errorIn).find((text) => text !== undefined);
  const telling = lines.filter((line) => line.trim() !== '' && !line.startsWith('Node.js v'));
  const ordinary = telling.findLastIndex((line) => !line.startsWith('  - '));
  // Whoever has to repair a file needs all of its problems, and the heading that names it.
  const isList = ordinary < telling.length - 1;
  const last = isList ? telling.slice(Math.max(ordinary, 0)) : telling.slice(-3);
  return error ?? last.join(' | ');
}

const logRecord = z.looseObject({ level: z.number(), msg: z.string().optional() });
const errorLevel = 50;

/** The text of an error in one line of output: a log record of level error, or a plain line. */
export function errorIn(line: string): string | undefined {
  if (line.startsWith('{')) {
    try {
      const record = logRecord.safeParse(JSON.parse(line));
      if (record.success) {
        return record.data.level >= errorLevel ? (record.data.msg ?? 'an error') : undefined;
      }
    } catch {
      return undefined; // a line of somebody's JSON that is not a log record
    }
  }
  return /^(\w*Error|FATAL|fatal|\[ERROR\]|Uncaught)\b/.test(line.trim()) ? line.trim() : undefined;
}

function rotate(path: string): void {
  for (let number = keptFiles - 1; number >= 1; number -= 1) {
    const older = `${path}.${number}`;
    if (existsSync(older)) renameSync(older, `${path}.${number + 1}`);
  }
  renameSync(path, `${path}.1`);
}
