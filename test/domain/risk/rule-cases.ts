import { describe, expect, it } from 'vitest';
import { verdictOf, type Change } from '../gate-facts.ts';

/** One row of a rule's table: what is different from the base case, and what the rule must say. */
export type RuleCase = {
  readonly name: string;
  readonly change: Change;
  readonly expect: {
    readonly outcome: 'pass' | 'warn' | 'deny' | 'cannot-evaluate' | 'off';
    /** A pattern matches a part. */
    readonly observed?: string | RegExp;
    readonly limit?: string | RegExp;
    readonly share?: string | null;
    readonly missing?: unknown;
    /** The scope that it latches; null = none. */
    readonly latch?: string | null;
  };
};

/** Runs a table through the whole gate, so that the evaluator's own checks are part of every case. */
export function testRuleCases(rule: string, cases: readonly RuleCase[]): void {
  describe(`${rule}: table`, () => {
    for (const row of cases) {
      it(`${row.expect.outcome}: ${row.name}`, () => {
        expect({ latch: null, ...verdictOf(rule, row.change) }).toMatchObject(
          Object.fromEntries(
            Object.entries(row.expect).map(([name, value]) => [
              name,
              value instanceof RegExp ? expect.stringMatching(value) : value,
            ]),
          ),
        );
      });
    }
  });
}

const severity = { off: 0, pass: 0, warn: 0, deny: 1, 'cannot-evaluate': 1 } as const;

/** Whether the rule lets a changed base case through. */
export function isDenied(rule: string, change: Change): boolean {
  return severity[verdictOf(rule, change).outcome] === 1;
}
