import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { orderStates } from '../../src/domain/order/lifecycle.ts';
import { riskRulesTable } from '../../src/domain/risk/rules-table.ts';
import { generatedPages } from '../../tools/docs.ts';

/** What the pages say of the repository is so: links lead somewhere, cited files exist, generated parts are new. */
const skipped = ['node_modules', 'coverage'];
/** Names that stand for a file to be made, and MCP's methods, which look like paths. */
const notFiles = /rNN-name|verb-noun|^tools\/(?:list|call)$/;
const pages = globSync('**/*.md', { exclude: (name) => skipped.includes(name) }).toSorted();
const read = (path: string): string => readFileSync(path, 'utf8');
/** A page without its code blocks. */
const prose = (path: string): string => read(path).replaceAll(/^```[\s\S]*?^```$/gm, '');

/** The anchors of a page, as they are made of its headings. */
function anchorsOf(path: string): string[] {
  return [...prose(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function deadLinks(page: string): string[] {
  const targets = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(file)) return true;
    return anchor !== undefined && !anchorsOf(file).includes(anchor);
  });
}

describe('every page', () => {
  it('is found', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/setup.md']));
  });

  it.each(pages)('%s has links that lead somewhere', (page) => {
    expect(deadLinks(page)).toEqual([]);
  });

  it.each(pages)('%s cites files that are there', (page) => {
    const cited = [
      ...prose(page).matchAll(/`((?:src|test|docs|tools|config|migrations)\/[^`\s*…]+)`/g),
    ]
      .map(([, path = '']) => path)
      .filter((path) => !notFiles.test(path));
    expect(cited.filter((path) => !existsSync(path))).toEqual([]);
  });

  it.each(pages)('%s names npm commands that package.json has', (page) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/\bnpm (?:run ([\w-]+)|(start|test)\b)/g)]
      .map(([, run, short]) => run ?? short ?? '')
      .filter((name) => !(name in scripts));
    expect(named).toEqual([]);
  });
});

describe('what is made from the code', () => {
  it('is what the code says (else: npm run docs)', async () => {
    for (const [page, text] of await generatedPages()) expect(read(page), page).toBe(text);
  });

  it('is the table of risk rules, word for word', () => {
    const part = /<!-- risk-rules:start -->([\s\S]*)<!-- risk-rules:end -->/.exec(
      read('README.md'),
    );
    expect(part?.[1]?.trim()).toBe(riskRulesTable());
  });
});

describe('the pages by hand', () => {
  it('explain every state of an order once, in the order of the states', () => {
    const words = read('docs/order-lifecycle.md').split('## Words')[1] ?? '';
    const rows = [...words.matchAll(/^\| (\w+) /gm)].map(([, state]) => state);
    expect(rows).toEqual(['State', ...orderStates]);
  });

  it('list every decision, in order, with its title', () => {
    const index = read('docs/adr/README.md');
    const listed = [...index.matchAll(/\[(\d{4})\]\((\d{4}-[\w-]+\.md)\) *\| ([^|]+?) *\|/g)];
    const files = readdirSync('docs/adr').filter((name) => name !== 'README.md');
    expect(listed.map(([, , file]) => file)).toEqual(files.toSorted());
    for (const [, number, file = '', title] of listed) {
      expect(read(`docs/adr/${file}`).split('\n')[0]).toBe(`# ${number ?? ''} ${title ?? ''}`);
      expect(file.startsWith(number ?? '')).toBe(true);
    }
  });

  it('list every symptom of the runbook', () => {
    const index = read('docs/runbook/README.md');
    for (const name of readdirSync('docs/runbook').filter((file) => file !== 'README.md')) {
      expect(index).toContain(`](${name})`);
      const headings = [...read(`docs/runbook/${name}`).matchAll(/^## (.+)$/gm)].map((m) => m[1]);
      expect(headings).toEqual(['Symptom', 'What it means', 'What to do']);
    }
  });

  it('keep to their lengths', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(230);
    expect(read('AGENTS.md').split('\n').length).toBeLessThanOrEqual(121);
  });

  it('name every runtime dependency', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: object };
    const page = read('ARCHITECTURE.md').split('## Runtime dependencies')[1] ?? '';
    expect(Object.keys(dependencies).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
