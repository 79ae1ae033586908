import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  loadAutoApprovalPolicy,
  parseAutoApprovalPolicy,
  shippedAutoApprovalFile,
} from '../../src/config/auto-approval-policy.ts';
import { ConfigurationError } from '../../src/config/env.ts';
import { environments } from '../../src/config/variables.ts';

type File = {
  [key: string]: unknown;
  categories: Record<string, unknown>;
  cumulative: Record<string, unknown>;
};
const shipped = (): File =>
  JSON.parse(readFileSync(shippedAutoApprovalFile('dev'), 'utf8')) as File;

/** What is wrong with a changed file. */
function problems(change: (file: File) => void): readonly string[] {
  const file = shipped();
  change(file);
  try {
    parseAutoApprovalPolicy(JSON.stringify(file));
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe('the shipped files', () => {
  it.each(environments)('%s is valid and off', (environment) => {
    const policy = loadAutoApprovalPolicy(shippedAutoApprovalFile(environment));
    expect(policy).toMatchObject({ enabled: false, threshold: '1000' });
    expect(policy.environments).toEqual(environment === 'live' ? [] : [environment]);
  });

  it('has a hash that every setting changes, and spaces do not', () => {
    const file = shipped();
    const hash = (one: unknown): string => parseAutoApprovalPolicy(JSON.stringify(one)).hash;
    expect(hash(file)).toBe(loadAutoApprovalPolicy(shippedAutoApprovalFile('dev')).hash);
    const others = [
      { ...file, enabled: true },
      { ...file, threshold: '999' },
      { ...file, categories: { ...file.categories, symbols: { allow: null, deny: [named] } } },
    ];
    expect(new Set([file, ...others].map(hash)).size).toBe(4);
  });
});

const named = { con_id: 1, name: 'ONE' };
const dca = {
  ...{ name: 'x', con_id: 1, side: 'BUY', days: ['mon'], at: '10:00', time_zone: 'UTC' },
  ...{ tolerance_minutes: 0, min_spacing_hours: 1 },
};
const schedules = (...list: object[]) => ({ schedules: list });

describe('what is refused', () => {
  it.each<readonly [string, (file: File) => void, RegExp]>([
    ['an unknown key', (f) => (f['treshold'] = '1'), /^treshold: got an unknown key/],
    ['a missing switch', (f) => delete f['enabled'], /^enabled: got nothing/],
    ['a switch that is a word', (f) => (f['enabled'] = 'no'), /^enabled: got "no", expected true/],
    ['no threshold', (f) => delete f['threshold'], /^threshold: got nothing/],
    ['a negative threshold', (f) => (f['threshold'] = '-1'), /^threshold: got "-1"/],
    ['an exponent', (f) => (f['threshold'] = '1e9'), /^threshold: got "1e9"/],
    [
      'an unknown environment',
      (f) => (f['environments'] = ['prod']),
      /^environments\.0: got "prod"/,
    ],
    [
      'a zone of nowhere',
      (f) => (f.cumulative['time_zone'] = 'Mars/X'),
      /time_zone: got "Mars\/X"/,
    ],
    [
      'a category left out',
      (f) => delete f.categories['symbols'],
      /^categories\.symbols: got nothing, expected "off"/,
    ],
    [
      'a category that is just on',
      (f) => (f.categories['symbols'] = 'on'),
      /^categories\.symbols: got "on", expected "off"/,
    ],
    [
      'an unknown category',
      (f) => (f.categories['moon'] = 'off'),
      /^categories\.moon: got an unknown key/,
    ],
    [
      'an unknown setting',
      (f) => (f.categories['order_types'] = { allow: ['LMT'], deny: [] }),
      /^categories\.order_types\.deny: got an unknown key/,
    ],
    [
      'a list of nothing',
      (f) => (f.categories['order_types'] = { allow: [] }),
      /^categories\.order_types\.allow/,
    ],
    [
      'symbols that name nothing',
      (f) => (f.categories['symbols'] = { allow: null, deny: [] }),
      /an instrument in allow or deny/,
    ],
    [
      'an empty allow list',
      (f) => (f.categories['symbols'] = { allow: [], deny: [named] }),
      /^categories\.symbols\.allow/,
    ],
    [
      'a symbol by its name alone',
      (f) => (f.categories['symbols'] = { allow: [{ name: 'AAPL' }], deny: [] }),
      /con_id: got nothing/,
    ],
    [
      'a share above one',
      (f) => (f.categories['position_share'] = { limit: '1.1' }),
      /^categories\.position_share\.limit/,
    ],
    [
      'a window backwards',
      (f) =>
        (f.categories['time_windows'] = {
          windows: [{ time_zone: 'UTC', days: ['mon'], from: '10:00', to: '10:00' }],
        }),
      /windows\.0\.to/,
    ],
    [
      'a time that is none',
      (f) =>
        (f.categories['time_windows'] = {
          windows: [{ time_zone: 'UTC', days: ['mon'], from: '9:00', to: '24:01' }],
        }),
      /windows\.0\.from/,
    ],
    [
      'a schedule without amount',
      (f) => (f.categories['dca_schedules'] = schedules(dca)),
      /exactly one of quantity and notional/,
    ],
    [
      'a worth without tolerance',
      (f) => (f.categories['dca_schedules'] = schedules({ ...dca, notional: '5' })),
      /go together/,
    ],
    [
      'two kinds of days',
      (f) =>
        (f.categories['dca_schedules'] = schedules({ ...dca, quantity: '5', days_of_month: [1] })),
      /exactly one of days and days_of_month/,
    ],
    [
      'one name twice',
      (f) =>
        (f.categories['dca_schedules'] = schedules(
          { ...dca, quantity: '5' },
          { ...dca, quantity: '6' },
        )),
      /a name of its own/,
    ],
  ])('%s', (_name, change, expected) => {
    expect(problems(change).join('\n')).toMatch(new RegExp(expected, 'm'));
  });

  it('tells all problems at once', () => {
    const all = problems((file) => {
      file['threshold'] = null;
      file['x'] = 1;
      file.categories['symbols'] = 'on';
      file.categories['position_share'] = { limit: 2, also: 1 };
    });
    expect(all).toHaveLength(5);
  });

  it('a key that stands twice, text that is no JSON, a file that is not there', () => {
    const text = JSON.stringify(shipped());
    const twice = text.replace('"enabled":false', '"enabled":false,"enabled":true');
    expect(() => parseAutoApprovalPolicy(twice)).toThrow(/unique/);
    expect(() => parseAutoApprovalPolicy('enabled: true')).toThrow(ConfigurationError);
    expect(() => parseAutoApprovalPolicy('')).toThrow(ConfigurationError);
    expect(() => loadAutoApprovalPolicy('config/no-such-file.json')).toThrow(ConfigurationError);
  });
});
