import type { z } from 'zod';
import type { FieldProblem } from '../../domain/errors.ts';

type Issue = z.core.$ZodIssue;
const most = 20;

/**
 * Zod's issues as field problems with JSON pointers (RFC 6901) and texts that do not repeat what the caller sent.
 * Of a union only the alternative that fits best is explained. At most 20.
 */
export function explainIssues(issues: readonly Issue[]): FieldProblem[] {
  return issues.flatMap((issue) => explain(issue, [])).slice(0, most);
}

/** The texts inside a parsed value (whose depth a schema has bounded) that hold half a surrogate pair. */
export function illFormedTexts(value: unknown, path: readonly string[] = []): FieldProblem[] {
  if (typeof value === 'string') {
    return value.isWellFormed()
      ? []
      : [{ pointer: pointerOf(path), message: 'is not Unicode text' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => illFormedTexts(inner, [...path, key]));
}

function explain(issue: Issue, parents: readonly PropertyKey[]): FieldProblem[] {
  const path = [...parents, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        pointer: pointerOf([...path, key.slice(0, 60)]),
        message: 'unknown field: leave it out',
      }));
    case 'invalid_union':
      return explainUnion(issue.errors, path);
    case 'invalid_type':
      return [{ pointer: pointerOf(path), message: typeMessage(issue) }];
    default:
      return [{ pointer: pointerOf(path), message: issue.message }];
  }
}

function typeMessage(issue: Extract<Issue, { code: 'invalid_type' }>): string {
  return issue.input === undefined && issue.message.includes('received undefined')
    ? `is required (${issue.expected})`
    : issue.message.replace(/^Invalid input: /, '');
}

function explainUnion(
  alternatives: readonly (readonly Issue[])[],
  path: readonly PropertyKey[],
): FieldProblem[] {
  const everyAtTop = alternatives.every((one) =>
    one.every((issue) => issue.code === 'invalid_type' && issue.path.length === 0),
  );
  if (everyAtTop) {
    const expected = new Set(
      alternatives.flat().flatMap((one) => (one.code === 'invalid_type' ? [one.expected] : [])),
    );
    return [{ pointer: pointerOf(path), message: `expected ${[...expected].join(' or ')}` }];
  }
  const best = [...alternatives].sort((a, b) => distance(a) - distance(b))[0] ?? [];
  return best.flatMap((issue) => explain(issue, path));
}

/** How far the input is from an alternative: a missing or foreign key weighs more than a wrong value. */
function distance(issues: readonly Issue[]): number {
  return issues.reduce(
    (sum, issue) =>
      sum +
      (issue.code === 'unrecognized_keys' ? 10 * issue.keys.length : 0) +
      (issue.code === 'invalid_type' && issue.message.includes('received undefined') ? 15 : 1),
    0,
  );
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
