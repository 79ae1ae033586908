import { isPair, parseDocument, visit, type Document } from 'yaml';

/**
 * YAML that says what it means: no key twice, no alias, no number that would be rounded. For files that decide
 * about money.
 */

/** The document, what keeps it from being read at all, and its numbers that cannot be read exactly. */
export type ExactYaml = {
  readonly document: Document;
  readonly broken: readonly string[];
  readonly inexact: readonly string[];
};

/** Reads a YAML text. Problems read `rules.x.limit: got …, expected …` where they have a place. */
export function readExactYaml(text: string): ExactYaml {
  const document = parseDocument(text, { prettyErrors: true });
  const broken = [...document.errors, ...document.warnings].map((problem) => problem.message);
  const inexact: string[] = [];
  // A limit must stand where it is read: an alias hides it elsewhere, and can be dangling or endless.
  visit(document, {
    Alias: (_key, alias) => {
      broken.push(`got the alias *${alias.source}, expected the value itself`);
    },
    Scalar: (_key, scalar, ancestors) => {
      const { value, source } = scalar;
      if (typeof value !== 'number' || isExact(value, source)) return;
      const keys = ancestors.flatMap((node) => (isPair(node) ? [String(node.key)] : []));
      const got = `${keys.join('.')}: got ${source ?? value}`;
      inexact.push(`${got}, expected it in quotes: it cannot be read exactly`);
    },
  });
  return { document, broken, inexact };
}

/** Whether a YAML number is what was written: not rounded, not infinite. */
function isExact(value: number, source: string | undefined): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  // A binary number keeps any 15 digits and loses some 16.
  return (source ?? '').replaceAll(/^[-+]?0*|\./g, '').length <= 15;
}
