import { riskRules } from './rules/index.ts';

/** The Markdown table of all rules, as the README shows it. */
export function riskRulesTable(): string {
  const rows = riskRules.map(
    (rule) =>
      `| [${rule.id}](docs/risk-rules/${rule.slug}.md) | ${rule.title} | ${rule.protects} | ${rule.unit} | \`${rule.configKey}\` |`,
  );
  return [
    '| Rule | Title | Protects against | Unit | Policy key |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
