import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { controlRoutes } from '../../src/simgateway/control/control-server.ts';
import { faultKinds } from '../../src/simgateway/faults/fault-plan.ts';

const readme = readFileSync(new URL('../../src/simgateway/README.md', import.meta.url), 'utf8');
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('the product page', () => {
  it('lists every route with exactly its fields', () => {
    const documented = rows
      .filter((cells) => /^`(GET|PUT|POST|DELETE) /.test(cells[1] ?? ''))
      .map((cells) => [cells[1]?.replaceAll('`', ''), cells[2]?.replaceAll('`', '')]);
    const actual = controlRoutes.map((r) => [
      `${r.method} ${r.path}`,
      Object.keys(r.fields).join(' '),
    ]);
    expect(documented).toEqual(actual);
  });

  it('lists every fault', () => {
    const documented = rows.map((cells) => cells[1]?.replaceAll('`', ''));
    for (const { kind } of faultKinds()) expect(documented).toContain(kind);
  });
});
