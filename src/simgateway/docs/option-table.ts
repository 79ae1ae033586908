// The table of command-line options on the product page, from the rows that define them.
import { OPTIONS } from '../command-line.ts';

/** Rows of Markdown: option, default, meaning. */
export const optionTable = (): string =>
  [
    '| Option | Default | Meaning |',
    '| --- | --- | --- |',
    ...OPTIONS.map(({ name, value, normally, about }) => {
      const option = value === undefined ? `--${name}` : `--${name} ${value}`;
      return `| \`${option}\` | ${normally} | ${about} |`;
    }),
  ].join('\n');
