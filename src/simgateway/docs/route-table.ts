// The table of control routes on the product page, from the rows that define them.
import { controlRoutes } from '../control/control.ts';
import type { AnyRoute } from '../control/route.ts';

const rows: [string, AnyRoute][] = Object.entries(controlRoutes);

/** Rows of Markdown: route, function of the TypeScript API, fields (required ones in bold), what it does. */
export const routeTable = (): string =>
  [
    '| Route | TypeScript | Fields | Does |',
    '| --- | --- | --- | --- |',
    ...rows.map(([name, r]) => {
      const fields = Object.entries(r.fields).map(([field, { isRequired }]) =>
        isRequired ? `**\`${field}\`**` : `\`${field}\``,
      );
      return `| \`${r.method} ${r.path}\` | \`${name}\` | ${fields.join(' ')} | ${r.does} |`;
    }),
  ].join('\n');
