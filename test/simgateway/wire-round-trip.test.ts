// Every message at every version: what is written is what is read.
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventLayouts, requestLayouts } from '../../src/simgateway/wire/catalogue.ts';
import { decode } from '../../src/simgateway/wire/decode.ts';
import { encode } from '../../src/simgateway/wire/encode.ts';
import { entriesAt } from '../../src/simgateway/wire/field-table.ts';
import type { Entry, Layout } from '../../src/simgateway/wire/field-table.ts';
import { encodeFrame, FrameReader, splitFields } from '../../src/simgateway/wire/framing.ts';
import { anyValues, chanceFrom, expectedOf, readValues } from './wire-values.ts';

const VERSIONS = Array.from({ length: 101 }, (_, i) => 100 + i);
const layouts = [...requestLayouts, ...eventLayouts];

function throughBytes(fields: string[]): string[] {
  const reader = new FrameReader();
  reader.push(encodeFrame(fields));
  const body = reader.next();
  return body === undefined ? [] : splitFields(body);
}

describe('round trip at versions 100…200', () => {
  it.each(layouts.map((l) => [`${l.id} ${l.name}`, l] as const))('%s', (_, layout) => {
    fc.assert(
      // Shrinking hundreds of drawn values takes minutes; a smaller seed is no smaller message.
      fc.property(fc.noShrink(fc.nat()), (seed) => {
        const values = anyValues(layout.entries, chanceFrom(seed)) as never;
        for (const version of VERSIONS) {
          const fields = throughBytes(encode(layout, values, version));
          const expected = expectedOf(entriesAt(layout, version), values, version);
          const got = readValues(decode(layout, fields, version), version);
          expect(got, `at ${version}`).toEqual(expected);
        }
      }),
      { numRuns: 8 },
    );
  });

  it.each(layouts.map((l) => [`${l.id} ${l.name}`, l] as const))(
    '%s reads sentinels as no value',
    (_, layout) => {
      const sentinel = { int: '2147483647', bool: '2147483647', decimal: '1.7976931348623157E308' };
      for (const version of VERSIONS) {
        const entries = entriesAt(layout, version).filter((e) => e.when === undefined);
        const raw = entries.map((e) =>
          e.kind === 'list' || e.kind === 'text' ? '' : sentinel[e.kind],
        );
        const read = decode({ ...layout, entries }, [String(layout.id), ...raw], version);
        expect(Object.values(read).filter((v) => !Array.isArray(v))).toEqual([]);
      }
    },
  );
});

const isLayout = (value: unknown): value is Layout =>
  typeof value === 'object' && value !== null && 'entries' in value && 'id' in value;

describe('the catalogue', () => {
  it('has every message of the wire, each id and name once per direction', async () => {
    const folder = new URL('../../src/simgateway/wire/', import.meta.url);
    const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    const declared: Layout[] = [];
    for (const name of names) {
      const exports = (await import(new URL(name, folder).href)) as object;
      declared.push(...Object.values(exports).filter(isLayout));
    }
    expect(new Set(layouts)).toEqual(new Set(declared));
    for (const direction of [requestLayouts, eventLayouts]) {
      expect(new Set(direction.map((l) => l.id)).size).toBe(direction.length);
      expect(new Set(direction.map((l) => l.name)).size).toBe(direction.length);
    }
  });

  it('says in words when a conditional field is there, and names no field twice at one version', () => {
    const check = (entries: readonly Entry[], where: string) => {
      for (const e of entries) {
        if (e.when !== undefined) expect(e.note, `${where}.${e.name}`).toBeDefined();
        if (e.kind === 'list') check(e.rows, `${where}.${e.name}`);
      }
    };
    for (const layout of layouts) check(layout.entries, layout.name);
  });
});
