// Values for the fields of any message, from a source of chance, and what should come back of them.
import type { Entry, Field, Scalar, Values } from '../../src/simgateway/wire/field-table.ts';

/** A number from 0 to `below` − 1. */
export type Chance = (below: number) => number;

/** Chance that a seed decides. */
export function chanceFrom(seed: number): Chance {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const pick = <T>(chance: Chance, choices: readonly T[]): T => choices[chance(choices.length)] as T;
const WORDS = ['', 'AAPL', 'a b', 'Łódź', '日本', '🦉', '\\u0041', '\n', "'; --", 'x'.repeat(300)];
const DECIMALS = ['0', '0.0', '-1.25', '1e-7', '9007199254740993.5', '.5', 'Infinity', '100'];
const INTEGERS = [0, 1, -1, 7, 2147483646, -2147483647, 1_480_000_001, 2 ** 53 - 1];

/** Fields that decide which others are there. */
const DECIDING: Readonly<Record<string, readonly Scalar[]>> = {
  secType: ['STK', 'BAG'],
  exchange: ['SMART', 'IBKRATS'],
  orderType: ['LMT', 'PEG BENCH', 'PEG BEST', 'PEG MID'],
  scalePriceIncrement: ['0.5', '-1'],
  type: [1, 3, 4, 5, 6, 7],
};

function scalar(field: Field, chance: Chance): Scalar | undefined {
  const decided = DECIDING[field.name];
  if (decided !== undefined && chance(4) > 0) return pick(chance, decided);
  switch (field.kind) {
    case 'text':
      return pick(chance, WORDS);
    case 'int':
      return pick(chance, INTEGERS);
    case 'decimal':
      return pick(chance, DECIMALS);
    case 'bool':
      return chance(2) === 1;
  }
}

/** A value for every field; some are left out. */
export function anyValues(entries: readonly Entry[], chance: Chance): Values {
  const values: Values = {};
  for (const entry of entries) {
    if (chance(8) === 0) continue;
    values[entry.name] =
      entry.kind === 'list'
        ? Array.from({ length: chance(3) }, () => anyValues(entry.rows, chance))
        : scalar(entry, chance);
  }
  return values;
}

/** Text as a client reads it: from 153 on it undoes the escapes. */
const read = (text: string, version: number) =>
  version < 153
    ? text
    : text.replaceAll(/\\u([\da-f]{4})/g, (_, hex: string) =>
        String.fromCharCode(parseInt(hex, 16)),
      );

const SENTINELS = new Set(['', '2147483647', '1.7976931348623157E308']);

/** What a field without a value reads as: what is sent instead of it. */
function unsetValue(field: Field): Scalar | undefined {
  const text = field.unset ?? '';
  if (SENTINELS.has(text)) return undefined;
  if (field.kind === 'int') return Number(text);
  return field.kind === 'bool' ? text === '1' : text;
}

function expectedScalar(field: Field, value: Values[string], version: number) {
  if (value === undefined || Array.isArray(value)) return unsetValue(field);
  if (typeof value !== 'string' || field.kind !== 'text') return value;
  return value === '' ? undefined : read(value, version);
}

/** What a reader of these entries gets of values that were written with them. */
export function expectedOf(entries: readonly Entry[], values: Values, version: number): Values {
  const result: Values = {};
  for (const entry of entries) {
    if (entry.when !== undefined && !entry.when(values)) continue;
    const value = values[entry.name];
    if (entry.kind === 'list') {
      const rows = Array.isArray(value) ? value : [];
      result[entry.name] = rows.map((row) => expectedOf(entry.rows, row, version));
    } else {
      const expected = expectedScalar(entry, value, version);
      if (expected !== undefined) result[entry.name] = expected;
    }
  }
  return result;
}

/** Values as a client at this version reads them. */
export function readValues(values: Values, version: number): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, Values[string]] => {
      if (typeof value === 'string') return [name, read(value, version)];
      return [name, Array.isArray(value) ? value.map((row) => readValues(row, version)) : value];
    }),
  );
}
