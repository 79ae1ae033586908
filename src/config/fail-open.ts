import { decimalText, isDecimalText } from '../domain/money/decimal.ts';
import { fixed, Fixed } from '../domain/money/fixed.ts';
import type { RiskPolicy } from '../domain/risk/policy.ts';
import type { RuleKey } from '../domain/risk/rules/index.ts';

/**
 * What a policy may not say although its shape is right: a limit that reads like "none", a list that allows
 * nothing and could be meant to allow everything, and a rule that is off in live with nobody to say why.
 */

/** Entries where 0 says something: the rule's page tells what. */
const zeroMeansIt: ReadonlySet<string> = new Set([
  'session_edges.first_minutes',
  'session_edges.last_minutes',
  'volatility_size.min_notional',
]);

/** Lists of what is forbidden or left out: an empty one leaves nothing out. */
const mayBeEmpty: ReadonlySet<string> = new Set([
  'restricted_list.restricted',
  'session_edges.exempt_sec_types',
  'sector_exposure.exempt_sec_types',
]);

/** More than any account holds: a limit that large limits nothing. */
const absurd = fixed(decimalText('1000000000000000'));
const none = new Fixed(0, 0);

/** Every entry of an enabled rule or of a budget that limits nothing. `file` is the YAML as it was read. */
export function failOpenProblems(file: unknown): readonly string[] {
  const { rules, budgets } = asTree(file);
  const ofRules = Object.entries(asTree(rules)).flatMap(([key, entry]) =>
    asTree(entry)['enabled'] === false ? [] : leafProblems(entry, `rules.${key}`),
  );
  return [...ofRules, ...leafProblems(budgets, 'budgets')];
}

function leafProblems(node: unknown, path: string): readonly string[] {
  if (Array.isArray(node)) {
    const name = path.replace(/^rules\./, '');
    if (node.length > 0 || mayBeEmpty.has(name)) return [];
    return [`${path}: got [], expected at least one: an empty list allows nothing`];
  }
  if (typeof node === 'object' && node !== null) {
    return Object.entries(node).flatMap(([key, value]) => leafProblems(value, `${path}.${key}`));
  }
  return numberProblems(node, path);
}

function numberProblems(leaf: unknown, path: string): readonly string[] {
  const text = typeof leaf === 'number' ? String(leaf) : leaf;
  if (typeof text !== 'string' || !isDecimalText(text)) return [];
  const value = fixed(decimalText(text));
  if (value.gt(absurd)) {
    return [`${path}: got ${text}, expected at most 1000000000000000: more limits nothing`];
  }
  const isRule = path.startsWith('rules.');
  if (!isRule || !value.eq(none) || zeroMeansIt.has(path.slice('rules.'.length))) return [];
  return [
    `${path}: got ${text}, expected a limit above 0, or the rule switched off (enabled: false)`,
  ];
}

type Tree = Readonly<Record<string, unknown>>;

function asTree(node: unknown): Tree {
  const isTree = typeof node === 'object' && node !== null && !Array.isArray(node);
  return isTree ? (node as Tree) : {};
}

/** A file without the `off_because` of its rules, and those. */
export type Reasons = {
  readonly file: unknown;
  readonly offBecause: RiskPolicy['offBecause'];
  readonly problems: readonly string[];
};

/** Takes `off_because` out of every rule: one text per rule that is off, and in live each needs one. */
export function takeReasons(file: unknown, environment: 'dev' | 'paper' | 'live'): Reasons {
  const { rules } = asTree(file);
  if (Object.keys(asTree(rules)).length === 0) return { file, offBecause: {}, problems: [] };
  const offBecause: Partial<Record<RuleKey, string>> = {};
  const problems: string[] = [];
  const bare = Object.entries(asTree(rules)).map(([key, entry]): [string, unknown] => {
    const { off_because: reason, ...rest } = asTree(entry);
    const isOff = rest['enabled'] === false;
    const path = `rules.${key}.off_because`;
    if (reason === undefined) {
      if (isOff && environment === 'live') {
        problems.push(`${path}: got nothing, expected why this rule is off in live`);
      }
      return [key, entry];
    }
    if (!isOff) problems.push(`${path}: got a reason, expected none: the rule is on`);
    else if (typeof reason !== 'string' || !isReason(reason)) {
      problems.push(
        `${path}: got ${JSON.stringify(reason)}, expected 10 to 300 characters of text`,
      );
    } else offBecause[key as RuleKey] = reason;
    return [key, rest];
  });
  return { file: { ...asTree(file), rules: Object.fromEntries(bare) }, offBecause, problems };
}

function isReason(text: string): boolean {
  const { length } = text.trim();
  return length >= 10 && length <= 300;
}
