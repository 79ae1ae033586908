// Writes the pages and tables that are made from the code; with --check it only says whether they are current.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { riskRulesTable } from '../src/domain/risk/rules-table.ts';
import { toolsPage } from '../src/mcp/tools-page.ts';

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const readmeTable = /(<!-- risk-rules:start -->\n\n)[\s\S]*?(\n\n<!-- risk-rules:end -->)/;

const pages = {
  'docs/tools.md': () => format(toolsPage(), { parser: 'markdown' }),
  'README.md': (text) =>
    text.replace(readmeTable, (_, start, end) => `${start}${riskRulesTable()}${end}`),
};

const old = [];
for (const [name, make] of Object.entries(pages)) {
  const path = join(checkout, name);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const after = await make(before);
  if (after === before) continue;
  old.push(name);
  if (!process.argv.includes('--check')) writeFileSync(path, after);
}
const isCheck = process.argv.includes('--check');
const what = isCheck ? 'is not current: run npm run docs' : 'written';
for (const name of old) process.stdout.write(`${name} ${what}\n`);
process.exitCode = isCheck && old.length > 0 ? 1 : 0;
