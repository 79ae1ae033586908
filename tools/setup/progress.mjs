// Progress on standard error: one line that is rewritten on a terminal, one line per step otherwise.

import { performance } from 'node:perf_hooks';

const columns = 100;

/** Says one finished thing. */
export function say(line) {
  clear();
  process.stderr.write(`${line}\n`);
}

/** What goes on at the same time shares the line. */
const current = new Map();

/**
 * Shows what is going on under `label`. Without a terminal only the end is written, so that a log
 * holds one line per step.
 */
export function startProgress(label) {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const finish = (text) => {
    current.delete(label);
    say(`  ${label.padEnd(11)}${text}`);
  };
  return {
    seconds,
    update: (text) => {
      if (!process.stderr.isTTY) return;
      current.set(label, `${label} ${text}`);
      clear();
      process.stderr.write(`  ${[...current.values()].join(' · ')}`.slice(0, columns));
    },
    done: (text) => finish(`${text} in ${seconds().toFixed(1)} s`),
    failed: finish,
  };
}

/** `12.3 of 44.5 MB, 20.1 MB/s`; the total is left out when it is unknown. */
export function describeTransfer(bytes, totalBytes, seconds) {
  const total = totalBytes ? ` of ${megabytes(totalBytes)}` : '';
  const speed = seconds > 0 ? `, ${megabytes(bytes / seconds)} MB/s` : '';
  return `${megabytes(bytes)}${total} MB${speed}`;
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

function clear() {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
}
