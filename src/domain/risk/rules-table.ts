import { riskRules } from './rules/index.ts';

/** The Markdown table of all rules, as the README shows it: columns padded the way the formatter pads them. */
export function riskRulesTable(): string {
  const rows = [
    ['Rule', 'Title', 'Protects against', 'Unit', 'Policy key'],
    ...riskRules.map((rule) => [
      `[${rule.id}](docs/risk-rules/${rule.slug}.md)`,
      rule.title,
      rule.protects,
      rule.unit,
      `\`${rule.configKey}\``,
    ]),
  ];
  const widths = rows.reduce<readonly number[]>(
    (widest, row) => row.map((cell, i) => Math.max(cell.length, widest[i] ?? 0)),
    [],
  );
  const lines = rows.map((row) => line(row.map((cell, i) => cell.padEnd(widths[i] ?? 0))));
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
