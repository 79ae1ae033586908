// The table of fault kinds on the product page, from the rows that define them.
import { faultKinds } from '../faults/fault-plan.ts';

const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(' ');

/** Rows of Markdown: kind, what it strikes by itself, the options it reads, what it does. */
export const faultTable = (): string =>
  [
    '| Kind | Strikes | Reads | Effect |',
    '| --- | --- | --- | --- |',
    ...faultKinds().map(
      ({ kind, strikes, reads, summary }) =>
        `| \`${kind}\` | ${code(strikes.length > 6 ? ['…End'] : strikes)} | ${code(reads)} | ${summary} |`,
    ),
  ].join('\n');
