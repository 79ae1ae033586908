// docs/simgateway-wire.md, made from the field tables that encode and decode every message.
import { eventLayouts, requestLayouts } from './catalogue.ts';
import type { Entry, Layout } from './field-table.ts';

const HEAD = `# The wire of the simulated gateway

This page is generated from the field tables in \`src/simgateway/wire\`, from which the encoder and the
decoder are made as well. Server versions 100…200, text protocol: a frame is a 4-byte big-endian
length, then the message id and the fields below, each ended by a NUL.

- **Kind**: \`int\` whole number · \`decimal\` price, quantity or ratio, or \`Infinity\` · \`bool\` \`0\` or
  \`1\` · \`text\` · \`list\` a count, then so many rows.
- **Versions**: server versions that carry the field; both ends are included, and empty means all.
- **Unset**: what is sent for a field without a value; empty unless said. Read as unset are the empty
  text, \`2147483647\` and \`9223372036854775807\` for whole numbers and bools, and
  \`1.7976931348623157E308\` for decimals.
- Surplus fields at the end of a request are ignored. From version 153 on, text that is not ASCII is
  sent as backslash-u escapes.`;

function versions({ from, until }: Entry): string {
  if (from === undefined && until === undefined) return '';
  if (until === undefined) return `${from ?? 100}…`;
  return from === until - 1 ? String(from) : `${from ?? ''}…${until - 1}`;
}

function row(entry: Entry, prefix: string): string[] {
  const unset = entry.unset === undefined ? '' : `\`${entry.unset}\``;
  const cells = [
    `${prefix}${entry.name}`,
    entry.kind,
    versions(entry),
    unset,
    entry.note === undefined ? '' : `only with ${entry.note}`,
  ];
  const line = `| ${cells.join(' | ')} |`;
  if (entry.kind !== 'list') return [line];
  return [line, ...entry.rows.flatMap((inner) => row(inner, `${prefix}↳ `))];
}

function section(layout: Layout): string {
  const title = `### ${layout.id} ${layout.name}`;
  if (layout.entries.length === 0) return `${title}\n\nNo fields.`;
  return [
    title,
    '',
    '| Field | Kind | Versions | Unset | |',
    '| - | - | - | - | - |',
    ...layout.entries.flatMap((entry) => row(entry, '')),
  ].join('\n');
}

/** The whole page, not yet formatted. */
export function wirePage(): string {
  return [
    HEAD,
    '## From client to gateway',
    ...requestLayouts.map(section),
    '## From gateway to client',
    ...eventLayouts.map(section),
    '',
  ].join('\n\n');
}
