import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { controlRoutes } from '../../src/simgateway/control/control.ts';
import { OPTIONS } from '../../src/simgateway/command-line.ts';
import { faultKinds } from '../../src/simgateway/faults/fault-plan.ts';
import { parseScript } from '../../src/simgateway/faults/fault-script.ts';

const readme = readFileSync(new URL('../../src/simgateway/README.md', import.meta.url), 'utf8');
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const plain = (cell: string | undefined) => cell?.replaceAll(/[`*]/g, '');

describe('the product page', () => {
  it('lists every route with its function and exactly its fields', () => {
    const documented = rows
      .filter((cells) => /^`(GET|PUT|POST|DELETE) /.test(cells[1] ?? ''))
      .map((cells) => cells.slice(1, 4).map(plain));
    const actual = Object.entries(controlRoutes).map(([name, r]) => [
      `${r.method} ${r.path}`,
      name,
      Object.keys(r.fields).join(' '),
    ]);
    expect(documented).toEqual(actual);
  });

  it('lists every option of the command line, and no other', () => {
    const documented = rows
      .map((cells) => plain(cells[1]) ?? '')
      .filter((option) => option.startsWith('--'))
      .map((option) => option.slice(2).split(' ')[0]);
    expect(documented).toEqual(OPTIONS.map((o) => o.name));
  });

  it('shows a script that can be read', () => {
    const block = /### Scripts[^]*?```\n([^]*?)```/.exec(readme)?.[1] ?? '';
    expect(parseScript(block)).toHaveLength(4);
  });

  it('lists every fault with the options it reads', () => {
    const documented = new Map(rows.map((cells) => [plain(cells[1]), plain(cells[3])]));
    for (const { kind, reads } of faultKinds()) {
      expect(documented.get(kind), kind).toBe(reads.join(' '));
    }
  });
});
