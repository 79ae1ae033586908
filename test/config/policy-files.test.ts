import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadRiskPolicy, shippedPolicyFile } from '../../src/config/risk-policy.ts';
import { environments } from '../../src/config/variables.ts';
import { isDecimalText } from '../../src/domain/money/decimal.ts';
import { fixed } from '../../src/domain/money/fixed.ts';

/** Leaves of a policy by their path. */
function leavesOf(node: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (Array.isArray(node) || typeof node !== 'object' || node === null) return [[path, node]];
  return Object.entries(node).flatMap(([key, value]) =>
    leavesOf(value, path === '' ? key : `${path}.${key}`),
  );
}

const leaves = Object.fromEntries(
  environments.map((environment) => {
    const text = readFileSync(shippedPolicyFile(environment), 'utf8');
    return [environment, new Map(leavesOf(parse(text)))];
  }),
) as unknown as Record<(typeof environments)[number], ReadonlyMap<string, unknown>>;

/** Where more is stricter: floors, look-back windows, grants that are asked for. */
const moreIsStricter =
  /(^|[._])(min|minimum|floor)(_|$)|window|(first|last)_minutes|cooldown|pause|lookback|required_approvals/;

/** Settings of a method or words for people: neither of two values is the stricter one. */
const notALimit = /(^version$|^manual_review|^breaches|_because$|\.method$)/;

/** Whether `strict` allows nothing that `loose` forbids. */
function isAtLeastAsStrict(path: string, strict: unknown, loose: unknown): boolean {
  if (Array.isArray(strict) && Array.isArray(loose)) {
    return strict.every((one) => loose.includes(one));
  }
  if (typeof strict === 'boolean') {
    // `enabled` protects, every other flag allows.
    return path.endsWith('enabled') ? strict || loose === false : !strict || loose === true;
  }
  if (strict === null || loose === null) return loose === null;
  const [a, b] = [JSON.stringify(strict), JSON.stringify(loose)].map((text) =>
    text.replaceAll('"', ''),
  );
  if (a === undefined || b === undefined) return false;
  if (!isDecimalText(a) || !isDecimalText(b)) return a === b;
  const [low, high] = moreIsStricter.test(path) ? [b, a] : [a, b];
  return !fixed(low).gt(fixed(high));
}

describe('the shipped policies', () => {
  for (const environment of environments) {
    it(`${environment} is valid`, () => {
      expect(loadRiskPolicy(shippedPolicyFile(environment)).hash).toMatch(/^sha256:/);
    });
  }

  for (const [strict, loose] of [
    ['live', 'paper'],
    ['paper', 'dev'],
  ] as const) {
    it(`${strict} has every limit of ${loose}, and each is at least as strict`, () => {
      const names = (which: ReadonlyMap<string, unknown>): string[] =>
        [...which.keys()].filter((path) => !path.endsWith('.off_because')).sort();
      expect(names(leaves[strict])).toEqual(names(leaves[loose]));
      const weaker = [...leaves[strict]]
        .filter(([path]) => !notALimit.test(path))
        .filter(([path, value]) => !isAtLeastAsStrict(path, value, leaves[loose].get(path)))
        .map(([path, value]) => `${path}: ${String(value)} > ${String(leaves[loose].get(path))}`);
      expect(weaker).toEqual([]);
    });
  }

  it('are told apart: a weaker limit is found', () => {
    expect(isAtLeastAsStrict('rules.x.limit', '10.5', '10')).toBe(false);
    expect(isAtLeastAsStrict('rules.x.window_seconds', 30, 60)).toBe(false);
    expect(isAtLeastAsStrict('rules.x.enabled', false, true)).toBe(false);
    expect(isAtLeastAsStrict('rules.x.allow_short', true, false)).toBe(false);
    expect(isAtLeastAsStrict('rules.x.kinds', ['live', 'delayed'], ['live'])).toBe(false);
  });
});
