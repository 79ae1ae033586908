// Writes what is made from the code: docs/tools.md, docs/simgateway-wire.md, and in other pages the parts between `<!-- name:start -->`
// and `<!-- name:end -->`. `npm run docs` writes them, test/tidy/docs.test.ts notices when they are old.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { isTerminal, orderEvents, orderStates, transition } from '../src/domain/order/lifecycle.ts';
import type { OrderState } from '../src/domain/order/lifecycle.ts';
import { orderTypesTable } from '../src/domain/order/order-types-table.ts';
import { secTypesTable } from '../src/domain/order/sec-types-table.ts';
import { riskRulesTable } from '../src/domain/risk/rules-table.ts';
import { toolsPage } from '../src/mcp/tools-page.ts';
import { operations } from '../src/operations/index.ts';
import { wirePage } from '../src/simgateway/wire/wire-page.ts';
import { faultTable } from '../src/simgateway/docs/fault-table.ts';
import { optionTable } from '../src/simgateway/docs/option-table.ts';
import { routeTable } from '../src/simgateway/docs/route-table.ts';

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

/** Every generated part: its page, its name, its text. */
const parts: readonly {
  readonly page: string;
  readonly name: string;
  readonly text: () => string;
}[] = [
  { page: 'README.md', name: 'risk-rules', text: riskRulesTable },
  { page: 'README.md', name: 'operations', text: operationsTable },
  { page: 'ARCHITECTURE.md', name: 'rooms', text: roomsPart },
  { page: 'src/simgateway/README.md', name: 'faults', text: faultTable },
  { page: 'src/simgateway/README.md', name: 'routes', text: routeTable },
  { page: 'src/simgateway/README.md', name: 'options', text: optionTable },
  { page: 'docs/order-lifecycle.md', name: 'lifecycle', text: lifecyclePart },
  { page: 'docs/order-types.md', name: 'order-types', text: orderTypesTable },
  { page: 'docs/order-types.md', name: 'sec-types', text: secTypesTable },
];

/** Each page that is generated or holds generated parts, as it has to be. Throws where a page has lost its markers. */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  for (const { page, name, text } of parts) {
    const before = pages.get(page) ?? readFileSync(join(checkout, page), 'utf8');
    pages.set(page, replacePart(before, page, name, text()));
  }
  pages.set('docs/tools.md', toolsPage());
  pages.set('docs/simgateway-wire.md', wirePage());
  const config = await resolveConfig(join(checkout, 'README.md'));
  for (const [page, text] of pages) {
    pages.set(page, await format(text, { ...config, parser: 'markdown' }));
  }
  return pages;
}

function replacePart(page: string, path: string, name: string, text: string): string {
  const start = `<!-- ${name}:start -->`;
  const end = `<!-- ${name}:end -->`;
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} has no ${start} … ${end}`);
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`;
}

function operationsTable(): string {
  const rows = operations.map(({ name, title, http, mcp, roles }) => {
    const route = http === null ? '' : `\`${http.method.toUpperCase()} ${http.path}\``;
    const agents = roles.some((role) => role.startsWith('agent:'));
    const operators = roles.some((role) => role.startsWith('operator:'));
    const who = agents && operators ? 'both' : agents ? 'agent' : 'operator';
    return `| ${title} | ${mcp === null ? '—' : `\`${name}\``} | ${route} | ${who} |`;
  });
  return ['| What | MCP tool | REST, below `/api/v1` | Who |', '| - | - | - | - |', ...rows].join(
    '\n',
  );
}

type Step = { readonly to: OrderState; readonly events: readonly string[] };

/** Where a state leads, targets in the order of the states. */
function stepsFrom(state: OrderState): readonly Step[] {
  return orderStates
    .map((to) => ({ to, events: orderEvents.filter((event) => transition(state, event) === to) }))
    .filter(({ events }) => events.length > 0);
}

function lifecyclePart(): string {
  const arrows = orderStates.flatMap((state) => [
    ...stepsFrom(state)
      .filter(({ to }) => to !== state)
      .map(({ to, events }) => `    ${state} --> ${to}: ${events.join(', ')}`),
    ...(isTerminal(state) ? [`    ${state} --> [*]`] : []),
  ]);
  const rows = orderStates.map((state) => {
    const steps = stepsFrom(state).map(({ to, events }) => `${events.join(', ')} → ${to}`);
    return `| ${state} | ${isTerminal(state) ? 'yes' : 'no'} | ${steps.join('; ') || '—'} |`;
  });
  return [
    '```mermaid',
    'stateDiagram-v2',
    '    [*] --> Proposed',
    ...arrows,
    '```',
    '',
    '| State | Workflow ends | What can happen |',
    '| - | - | - |',
    ...rows,
  ].join('\n');
}

type Imports = { readonly values: Set<string>; readonly types: Set<string> };

/** What each folder of `src` imports of the others: values, and what is a type only. */
function readRooms(): ReadonlyMap<string, Imports> {
  const rooms = new Map<string, Imports>();
  const root = join(checkout, 'src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted();
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const [room = ''] = file.split('/');
    const imports = rooms.get(room) ?? { values: new Set(), types: new Set() };
    rooms.set(room, imports);
    for (const { target, isType } of importsOf(join(root, file))) {
      if (target.startsWith('..')) continue; // tools/, outside src
      const [other = ''] = target.split('/');
      if (other !== room) (isType ? imports.types : imports.values).add(other);
    }
  }
  return rooms;
}

/** Relative imports of a file as paths below `src`; an `import()` is a value. */
function importsOf(file: string): { target: string; isType: boolean }[] {
  const text = readFileSync(file, 'utf8');
  const pattern = /(?:^(?:import|export)( type)?[^;]*?from |\bimport\()'(\.[^']+)'/gm;
  return [...text.matchAll(pattern)].map(([, type, path = '']) => ({
    target: relative(join(checkout, 'src'), join(dirname(file), path)),
    isType: type !== undefined,
  }));
}

/** `main` imports every room and every room may import `domain`, so both are left out of the picture. */
function roomsPart(): string {
  const rooms = [...readRooms()];
  const arrows = rooms
    .filter(([room]) => room !== 'main')
    .flatMap(([room, { values, types }]) => [
      ...[...values].toSorted().map((to) => [room, '-->', to] as const),
      ...[...types]
        .filter((to) => !values.has(to))
        .toSorted()
        .map((to) => [room, '-.->', to] as const),
    ])
    .filter(([, , to]) => to !== 'domain')
    .map(([from, arrow, to]) => `    ${from} ${arrow} ${to}`);
  const list = (names: Iterable<string>): string => [...names].toSorted().join(', ') || '—';
  const rows = rooms.map(([room, { values, types }]) => {
    const typesOnly = [...types].filter((to) => !values.has(to));
    return `| \`src/${room}\` | ${list(values)} | ${list(typesOnly)} |`;
  });
  return [
    '```mermaid',
    'flowchart LR',
    ...arrows,
    '```',
    '',
    '| Room | Imports | Types only |',
    '| - | - | - |',
    ...rows,
  ].join('\n');
}

if (import.meta.main) {
  for (const [page, text] of await generatedPages()) writeFileSync(join(checkout, page), text);
}
