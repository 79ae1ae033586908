import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { ConfigurationError } from '../../src/config/env.ts';
import { loadRiskPolicy, parseRiskPolicy } from '../../src/config/risk-policy.ts';
import type { ConId } from '../../src/domain/ids.ts';
import { canonicalHash } from '../../src/domain/order/envelope.ts';
import { evaluateGate } from '../../src/domain/risk/evaluate.ts';
import { countsTemporalDecisions } from '../../src/domain/risk/policy.ts';
import {
  aapl,
  d,
  gateCase,
  instrument,
  known,
  other,
  position,
  usd,
} from '../domain/gate-facts.ts';

const file = 'config/environments/dev/risk_policy.yml';
const shipped = readFileSync(file, 'utf8');

type Tree = Record<string, unknown>;

/** A shipped file with one value replaced, or removed where `value` is undefined. */
function changed(path: string, value: unknown, text = shipped): string {
  const tree = parse(text) as Tree;
  const keys = path.split('.');
  const last = keys.pop()!;
  let node = tree;
  for (const key of keys) node = node[key] as Tree;
  if (value === undefined) Reflect.deleteProperty(node, last);
  else node[last] = value;
  return stringify(tree);
}

function problemsOf(text: string): readonly string[] {
  try {
    parseRiskPolicy(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('the shipped policy', () => {
  const policy = loadRiskPolicy(file);

  it('is valid, and its hash is that of its content', () => {
    const { hash, ...content } = policy;
    expect(hash).toBe(canonicalHash(content));
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  const spy = 756733 as ConId;
  const demo = {
    portfolio: {
      netLiquidation: usd(1_050_000),
      positions: [position(aapl, 40), position(other, 30), position(spy, 100)],
    },
    facts: {
      instruments: known([
        instrument,
        { ...instrument, conId: other },
        { ...instrument, conId: spy, sector: '' },
      ]),
    },
  };

  it('lets a fresh demo account buy 5 AAPL near the market', () => {
    const { terms, facts } = gateCase(demo);
    expect(evaluateGate(terms, facts, policy).verdict).toMatchObject({
      outcome: 'pass',
      warnings: 0,
    });
  });

  it('denies 2000 AAPL by R1', () => {
    const { terms, facts } = gateCase({ ...demo, terms: { quantity: d(2000) } });
    const { verdict } = evaluateGate(terms, facts, policy);
    expect(verdict.outcome).toBe('deny');
    expect(verdict.rules.find((r) => r.rule === 'R1')).toMatchObject({
      outcome: 'deny',
      observed: '400000',
      limit: '50000',
    });
  });

  it('counts raw Temporal signals in dev and paper, never in live', () => {
    expect(countsTemporalDecisions(policy, 'dev')).toBe(true);
    expect(countsTemporalDecisions(policy, 'paper')).toBe(true);
    expect(countsTemporalDecisions(policy, 'live')).toBe(false);
  });
});

describe('the hash', () => {
  it('does not depend on comments, order or the way a number is written', () => {
    const { hash } = parseRiskPolicy(shipped);
    expect(parseRiskPolicy(stringify(parse(shipped), { sortMapEntries: true })).hash).toBe(hash);
    expect(parseRiskPolicy(changed('rules.max_notional.limit', 50_000)).hash).toBe(hash);
    expect(parseRiskPolicy(changed('rules.max_notional.limit', '50000.00')).hash).toBe(hash);
  });

  it('changes with every limit, flag and version', () => {
    const other = {
      version: 'next',
      'rules.simulation.allow_short': true,
      'rules.max_notional.limit': '50000.01',
      'rules.max_notional.enabled': false,
      'rules.max_position_share.limit': '0.2',
      'rules.trading_hours.allow_outside_rth': true,
      'rules.daily_loss.limit': '1',
      'rules.max_quantity.limits.STK': '1',
      'rules.price_collar.limit_bps': '1',
      'rules.price_collar.max_spread_bps': '1',
      'rules.price_collar.allowed_quote_kinds': ['live', 'delayed'],
      'rules.duplicate.window_seconds': 1,
      price_band_bps: '1',
      quote_max_age_ms: 1,
      'fact_max_age_ms.working_orders': 1,
      'breaches.position': 'halt',
      'manual_review.max_notional': ['deny'],
      'budgets.default.orders_per_day': 1,
      'approvals.required_approvals': 2,
      'approvals.ttl_seconds': 1,
      'channels.temporal.dev': false,
    };
    const hashes = Object.entries(other).map(([path, value]) => {
      return parseRiskPolicy(changed(path, value)).hash;
    });
    expect(new Set([...hashes, parseRiskPolicy(shipped).hash]).size).toBe(hashes.length + 1);
  });
});

describe('what is refused', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['version', 3, 'version: got 3, expected a text'],
    ['version', 'a b', 'version: got "a b", expected letters'],
    ['version', undefined, 'version: got nothing, expected a text'],
    ['rules.max_notional.limit', -1, 'rules.max_notional.limit: got -1, expected a decimal'],
    ['rules.max_notional.limit', 'lots', 'rules.max_notional.limit: got "lots"'],
    ['rules.max_notional.limit', '1e5', 'rules.max_notional.limit: got "1e5"'],
    ['rules.max_notional.limit', 1e21, 'rules.max_notional.limit: got 1e+21'],
    ['rules.max_notional.limit', null, 'rules.max_notional.limit: got null'],
    ['rules.max_notional.enabled', 'yes', 'rules.max_notional.enabled: got "yes", expected true'],
    ['rules.max_notional.limits', 1, 'rules.max_notional.limits: got an unknown key'],
    ['rules.max_notional', undefined, 'rules.max_notional: got nothing, expected object'],
    ['rules.max_position_share.limit', '1.01', 'rules.max_position_share.limit: got "1.01"'],
    ['rules.max_position_share.limit', 10, 'rules.max_position_share.limit: got 10'],
    ['rules.simulation.enabled', false, 'rules.simulation.enabled: got false, expected true'],
    ['rules.max_quantity.limits.BAG', '1', 'rules.max_quantity.limits'],
    ['rules.max_quantity.limits.STK', undefined, 'rules.max_quantity.limits.STK: got nothing'],
    ['rules.price_collar.limit_bps', '10001', 'rules.price_collar.limit_bps: got "10001"'],
    ['rules.price_collar.allowed_quote_kinds', ['made-up'], 'allowed_quote_kinds.0: got "made-up"'],
    [
      'rules.duplicate.window_seconds',
      0,
      'rules.duplicate.window_seconds: got 0, expected a whole',
    ],
    ['rules.duplicate.window_seconds', 1.5, 'rules.duplicate.window_seconds: got 1.5'],
    ['rules.kill_switch', { enabled: true }, 'rules.kill_switch: got an unknown key'],
    ['fact_max_age_ms.portfolio', 0, 'fact_max_age_ms.portfolio: got 0, expected a whole number'],
    ['fact_max_age_ms.quote', 1, 'fact_max_age_ms.quote: got an unknown key'],
    ['breaches.weather', 'halt', 'breaches.weather: got'],
    ['breaches.price', 'ignore', 'breaches.price: got "ignore"'],
    ['manual_review.daily_loss', ['deny'], 'manual_review.daily_loss: got'],
    ['manual_review.simulation', ['cannot-evaluate'], 'manual_review.simulation: got'],
    ['manual_review.unsettled_order', ['deny'], 'manual_review.unsettled_order: got'],
    ['manual_review.max_notional', ['pass'], 'manual_review.max_notional.0: got "pass"'],
    ['quote_max_age_ms', '5000', 'quote_max_age_ms: got "5000"'],
    ['approvals.required_approvals', 0, 'approvals.required_approvals: got 0'],
    ['channels.temporal.live', true, 'channels.temporal.live: got true, expected false'],
    ['kill_switch', { enabled: true }, 'kill_switch: got an unknown key, expected none'],
  ];
  for (const [path, value, problem] of cases) {
    it(`${path} = ${value === undefined ? 'nothing' : JSON.stringify(value)}`, () => {
      const problems = problemsOf(changed(path, value));
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(problem);
    });
  }

  const failOpen: readonly (readonly [string, unknown, string])[] = [
    ['rules.max_notional.limit', 0, 'rules.max_notional.limit: got 0, expected a limit above 0'],
    ['rules.max_notional.limit', '0.00', 'rules.max_notional.limit: got 0.00, expected a limit'],
    ['rules.max_position_share.limit', '0', 'rules.max_position_share.limit: got 0, expected'],
    ['rules.max_quantity.limits.STK', 0, 'rules.max_quantity.limits.STK: got 0, expected a limit'],
    ['rules.max_notional.limit', '1000000000000001', 'expected at most 1000000000000000'],
    [
      'rules.price_collar.allowed_quote_kinds',
      [],
      'allowed_quote_kinds: got [], expected at least',
    ],
    ['budgets.default.sec_types', [], 'budgets.default.sec_types: got [], expected at least one'],
    ['budgets.default.con_ids', [], 'budgets.default.con_ids: got [], expected at least one'],
    [
      'rules.max_notional.off_because',
      'the desk has a limit of its own',
      'rules.max_notional.off_because: got a reason, expected none: the rule is on',
    ],
  ];
  for (const [path, value, problem] of failOpen) {
    it(`fail-open: ${path} = ${JSON.stringify(value)}`, () => {
      const problems = problemsOf(changed(path, value));
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(problem);
    });
  }

  it('takes a limit of 0 where the rule is switched off, and 1000000000000000 as the last limit', () => {
    const off = changed('rules.max_notional', { enabled: false, limit: 0 });
    expect(problemsOf(off)).toEqual([]);
    expect(problemsOf(changed('rules.max_notional.limit', '1000000000000000'))).toEqual([]);
  });

  it.each(['9007199254740993', '0.10000000000000000001', '1000000000000000.1'])(
    'a number that cannot be read exactly: %s',
    (written) => {
      const text = shipped.replace("limit: '50000'", `limit: ${written}`);
      expect(text).not.toBe(shipped);
      const problems = problemsOf(text);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain('in quotes');
    },
  );

  describe('a rule that is off', () => {
    const strictest = readFileSync('config/environments/live/risk_policy.yml', 'utf8');
    const off = (because?: unknown): string =>
      changed(
        'rules.max_notional',
        { enabled: false, limit: 1, ...(because === undefined ? {} : { off_because: because }) },
        strictest,
      );
    const live = (text: string): readonly string[] => {
      try {
        parseRiskPolicy(text, 'test', 'live');
      } catch (error) {
        if (error instanceof ConfigurationError) return error.problems;
        throw error;
      }
      return [];
    };

    it('needs its reason in live, and nowhere else', () => {
      expect(problemsOf(off())).toEqual([]);
      expect(live(off())).toEqual([
        'rules.max_notional.off_because: got nothing, expected why this rule is off in live',
      ]);
    });

    it('has a reason of 10 to 300 characters, which is part of the policy and its hash', () => {
      const reason = 'the broker has a limit of its own';
      const policy = parseRiskPolicy(off(reason), 'test', 'live');
      expect(policy.offBecause).toMatchObject({ max_notional: reason });
      expect(policy.hash).not.toBe(parseRiskPolicy(off()).hash);
      expect(live(off('x'.repeat(10)))).toEqual([]);
      expect(live(off('x'.repeat(300)))).toEqual([]);
      for (const bad of ['x'.repeat(9), ' '.repeat(20), 'x'.repeat(301), 5, null]) {
        expect(live(off(bad))).toHaveLength(1);
      }
    });
  });

  it('lists every problem at once', () => {
    const broken = changed('rules.max_notional.limit', -1)
      .replace('window_seconds: 60', 'window_seconds: x')
      .replace('live: false', 'live: true');
    expect(problemsOf(`${broken}\nextra: 1\n`)).toHaveLength(4);
  });

  for (const [name, text] of [
    ['an empty file', ''],
    ['a list', '- 1'],
    ['a text', 'trade on'],
    ['a key twice', `${shipped}\nversion: again\n`],
    ['broken YAML', 'rules: {'],
    [
      'an alias',
      shipped
        .replace("version: '2026-11-24'", 'version: &v x')
        .replace("limit: '5000'", 'limit: *v'),
    ],
    ['a dangling alias', '*nowhere'],
    ['an endless alias', '&a [*a]'],
    ['an unknown tag', 'version: !!js/function x'],
  ] as const) {
    it(name, () => {
      expect(problemsOf(text).length).toBeGreaterThan(0);
    });
  }

  it('a file that is not there', () => {
    expect(() => loadRiskPolicy('config/no-such-policy.yml')).toThrow(ConfigurationError);
  });

  it('any value that is removed: nothing has a default', () => {
    const paths: string[] = [];
    const walk = (node: Tree, prefix: string): void => {
      for (const [key, value] of Object.entries(node)) {
        paths.push(prefix + key);
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
          walk(value as Tree, `${prefix}${key}.`);
        }
      }
    };
    walk(parse(shipped) as Tree, '');
    expect(paths.length).toBeGreaterThan(30);
    // The one place that names exceptions only; what it does not name asks.
    for (const path of paths.filter((one) => !one.startsWith('breaches.'))) {
      expect(problemsOf(changed(path, undefined)), path).toHaveLength(1);
    }
  });

  it('never accepts a text at random', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(problemsOf(text).length).toBeGreaterThan(0);
      }),
    );
  });
});
