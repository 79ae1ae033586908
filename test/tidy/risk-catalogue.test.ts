import { readdirSync, readFileSync } from 'node:fs';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environments } from '../../src/config/variables.ts';
import { factsByKey, riskRules, rulesByKey } from '../../src/domain/risk/rules/index.ts';
import { riskRulesTable } from '../../src/domain/risk/rules-table.ts';

/** A rule is a file, a registry entry, a test, a page, a policy key and a table row. Never fewer. */
const headings = [
  'Protects against',
  'Formula and units',
  'Facts and source',
  'Limit and configuration',
  'Examples',
  'When data is missing',
  'Known limits',
];

const namesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending) && name !== 'index.ts')
    .map((name) => name.slice(0, -ending.length))
    .sort();
const slugs = riskRules.map((rule) => rule.slug).sort();

describe('the catalogue of risk rules', () => {
  it('has a registered rule for every file', () => {
    expect(namesIn('src/domain/risk/rules', '.ts')).toEqual(slugs);
  });

  it('has a test for every rule', () => {
    expect(namesIn('test/domain/risk/rules', '.test.ts')).toEqual(slugs);
  });

  it('has a page for every rule', () => {
    expect(namesIn('docs/risk-rules', '.md')).toEqual(slugs);
  });

  for (const environment of environments) {
    it(`has a policy entry in ${environment} for every rule and no other`, () => {
      const file = `config/environments/${environment}/risk_policy.yml`;
      const policy = parse(readFileSync(file, 'utf8')) as { rules: object };
      expect(Object.keys(policy.rules).sort()).toEqual(riskRules.map((r) => r.configKey).sort());
    });
  }

  it('has unique ids, in ascending order', () => {
    const numbers = riskRules.map((rule) => Number(rule.id.slice(1)));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it('has a table row for every rule', () => {
    const lines = riskRulesTable().split('\n');
    expect(lines).toHaveLength(riskRules.length + 2);
    for (const rule of riskRules) {
      const rows = lines.filter((line) => line.includes(`docs/risk-rules/${rule.slug}.md`));
      expect(rows, rule.slug).toHaveLength(1);
      expect(rows[0]).toContain(`| ${rule.title} `);
      expect(rows[0]).toContain(`\`${rule.configKey}\``);
    }
  });

  it('has a table that the formatter leaves alone', async () => {
    const table = `${riskRulesTable()}\n`;
    expect(await format(table, { parser: 'markdown' })).toBe(table);
  });

  for (const [key, rule] of Object.entries(rulesByKey)) {
    describe(rule.id, () => {
      const page = readFileSync(`docs/risk-rules/${rule.slug}.md`, 'utf8');
      const test = readFileSync(`test/domain/risk/rules/${rule.slug}.test.ts`, 'utf8');

      it('is registered under its own key, and its file is named after its id', () => {
        expect(rule.configKey).toBe(key);
        expect(rule.slug.startsWith(`r${rule.id.slice(1).padStart(2, '0')}-`)).toBe(true);
      });

      it('has a page with its title and exactly the seven headings', () => {
        expect(page.split('\n')[0]).toBe(`# ${rule.id} ${rule.title}`);
        const found = [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
        expect(found).toEqual(headings);
        for (const text of page.split(/^## .+$/m).slice(1)) expect(text.trim()).not.toBe('');
      });

      it('has a page that names its key, its unit, its facts and its sentence', () => {
        expect(page).toContain(`\`${rule.configKey}`);
        expect(page).toContain(rule.unit);
        expect(page).toContain(rule.protects);
        for (const fact of factsByKey[rule.configKey]) expect(page).toContain(`\`${fact}\``);
      });

      it('has a test with a table and a property', () => {
        expect(test).toContain(`testRuleCases('${rule.id}'`);
        expect(test).toContain('fc.property(');
      });
    });
  }
});
