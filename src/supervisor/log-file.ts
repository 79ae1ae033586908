import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

export type LogFile = {
  readonly path: string;
  readonly write: (line: string) => void;
  /** The last lines, oldest first. */
  readonly tail: () => readonly string[];
  readonly close: () => Promise<void>;
};

const rotateAboveBytes = 5_000_000;
const keptFiles = 3;
const tailLines = 5;

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
    tail: () => [...lines],
    close: () =>
      new Promise((resolve) => {
        stream.end(resolve);
      }),
  };
}

function rotate(path: string): void {
  for (let number = keptFiles - 1; number >= 1; number -= 1) {
    const older = `${path}.${number}`;
    if (existsSync(older)) renameSync(older, `${path}.${number + 1}`);
  }
  renameSync(path, `${path}.1`);
}
