// What the demo prints: at most 100 columns, one line per observation, colours only on a terminal.

/** Who an observation is about, in the words of the product. */
export type Voice =
  | 'market'
  | 'agent'
  | 'gate'
  | 'operator'
  | 'temporal'
  | 'gateway'
  | 'foreign'
  | 'position'
  | 'order'
  | 'audit';

/** An observation that was not what it had to be. */
export class NotObserved extends Error {
  override readonly name = 'NotObserved';
}

export type Report = {
  readonly say: (text: string) => void;
  readonly title: (text: string) => void;
  /** Something that has just been seen to be so. */
  readonly saw: (voice: Voice, text: string) => void;
  readonly good: (text: string) => void;
  readonly bad: (text: string) => void;
};

const width = 100;
const margin = 13;

/** A report that writes lines to `write`. */
export function createReport(write: (text: string) => void, isColoured: boolean): Report {
  const paint = (code: number, text: string): string =>
    isColoured ? `\u001b[${code}m${text}\u001b[0m` : text;
  const lines = (head: string, text: string, shown = head): void => {
    const [first = '', ...rest] = wrap(text, width - margin);
    write(`${shown}${' '.repeat(margin - head.length)}${first}\n`);
    for (const line of rest) write(`${' '.repeat(margin)}${line}\n`);
  };
  return {
    say: (text) => {
      for (const line of wrap(text, width)) write(`${line}\n`);
    },
    title: (text) => {
      write(`\n${paint(1, text)}\n`);
    },
    saw: (voice, text) => {
      lines(`  ${voice}`, text, `  ${paint(36, voice)}`);
    },
    good: (text) => {
      lines('  ✓', text, `  ${paint(32, '✓')}`);
    },
    bad: (text) => {
      lines('  ✗', text, `  ${paint(31, '✗')}`);
    },
  };
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
