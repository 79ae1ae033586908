import { inputSchema, type JsonSchema } from '../operations/json-schema.ts';
import type { Operation } from '../operations/operation.ts';
import { toolsFor } from './tools.ts';

type Property = Readonly<Record<string, unknown>>;

/**
 * docs/tools.md: every tool that an agent is offered, as Markdown. Made from what `tools/list` advertises, so the page
 * cannot say anything else; `npm run docs` writes it.
 */
export function toolsPage(): string {
  const index = toolsFor().operations.map(
    ({ name, title }) => `| [\`${name}\`](#${name}) | ${title} |`,
  );
  return [
    '<!-- Written by `npm run docs` from src/operations: change it there. -->',
    '# Tools',
    'What an agent is offered over MCP. Approving, denying, releasing the kill switch and changing a policy are not among them.',
    ['| Tool | What it is |', '| - | - |', ...index].join('\n'),
    ...toolsFor().operations.map(section),
    '',
  ].join('\n\n');
}

function section(operation: Operation): string {
  const { name, description, effect, roles, http } = operation;
  const route =
    http === null ? [] : [`over HTTP \`${http.method.toUpperCase()} /api/v1${http.path}\``];
  const facts = [`effect: ${effect}`, `needs ${roles.join(' or ') || 'no role'}`, ...route];
  return [`## ${name}`, description, `${facts.join(' · ')}.`, fields(inputSchema(operation))].join(
    '\n\n',
  );
}

function fields({ properties = {}, required = [] }: JsonSchema): string {
  const rows = Object.entries(properties).map(([name, property]) => {
    const need = required.includes(name) ? 'yes' : 'no';
    const text = typeof property['description'] === 'string' ? property['description'] : '';
    return `| \`${name}\` | ${cell(kind(property))} | ${need} | ${cell(text)} |`;
  });
  if (rows.length === 0) return 'It takes no input.';
  return ['| Input | Type | Required | Meaning |', '| - | - | - | - |', ...rows].join('\n');
}

/** A type as a reader sees it; the exact schema is in `tools/list`. */
function kind(property: Property): string {
  const choices =
    property['enum'] ?? (property['const'] === undefined ? null : [property['const']]);
  if (Array.isArray(choices)) return choices.map((one) => `\`${String(one)}\``).join(' or ');
  const either = property['anyOf'] ?? property['oneOf'];
  if (Array.isArray(either)) return (either as Property[]).map(kind).join(' or ');
  return typeof property['type'] === 'string' ? property['type'] : 'any';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
