// A closed list in the code and the page that explains it say the same: error codes, settings, audit events.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSettings, Settings } from '../../src/config/env.ts';
import { auditEventTypes } from '../../src/domain/audit/event.ts';
import { errorCodes } from '../../src/domain/errors.ts';

const read = (path: string): string => readFileSync(path, 'utf8');
const source = (own: string): string =>
  globSync('src/**/*.ts')
    .filter((path) => path !== own)
    .map(read)
    .join('\n');
/** The rows of every table of a page whose first cell is a name in code type. */
const rowsOf = (page: string): string[][] =>
  [...read(page).matchAll(/^\| `(\w+)` +\|(.+)\|$/gm)].map(([, name = '', rest = '']) => [
    name,
    ...rest.split(/(?<!\\)\|/).map((cell) => cell.trim()),
  ]);

describe('docs/error-codes.md', () => {
  const sections = read('docs/error-codes.md').split(/^## /m).slice(1);

  it('has a section for every code, in the order of the code', () => {
    expect(sections.map((text) => text.split('\n')[0])).toEqual(Object.keys(errorCodes));
  });

  it.each(Object.entries(errorCodes))('%s is told as it is', (code, { status, title, retry }) => {
    const text = sections.find((section) => section.startsWith(`${code}\n`)) ?? '';
    expect(text).toContain(`${title}. Status ${status}, retry: ${retry}.`);
    expect(text).toMatch(/^What to do: .{10,}$/m);
    expect(text.split('\n').filter((line) => line !== '')).toHaveLength(4);
  });

  it('has no code that nothing throws', () => {
    const text = source('src/domain/errors.ts').replaceAll(/^ {2}[A-Z_]+: '.*$/gm, '');
    const unused = Object.keys(errorCodes).filter(
      (code) => !text.includes(`'${code}'`) && !text.includes(`${code}:`),
    );
    expect(unused).toEqual([]);
  });
});

describe('docs/configuration.md', () => {
  const rows = rowsOf('docs/configuration.md');

  it('has a row for every variable and no other', () => {
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(Settings.shape).sort());
  });

  it('tells the defaults as they are', () => {
    const told = Object.fromEntries(rows.map(([name = '', preset]) => [name, preset]));
    const real = Object.fromEntries(Object.keys(Settings.shape).map((name) => [name, '–']));
    for (const [name, value] of Object.entries(readSettings({}))) {
      if (value !== undefined) real[name] = `\`${String(value)}\``;
    }
    expect(told).toEqual(real);
  });
});

describe('docs/audit.md', () => {
  const types = read('docs/audit.md').split('## The types')[1] ?? '';

  it('explains every type of event, in the order of the code', () => {
    const told = [...types.matchAll(/^\| `(\w+)`/gm)].map(([, type]) => type);
    expect(told).toEqual([...auditEventTypes]);
  });

  it.each(auditEventTypes)('%s is written by somebody', (type) => {
    expect(source('src/domain/audit/event.ts')).toContain(`'${type}'`);
  });
});
