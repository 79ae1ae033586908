// The one description of a message: an ordered table of fields, each with the server versions in
// which it exists. The encoder and the decoder are both derived from it, so the two directions and
// all versions cannot drift apart. Prices and quantities stay decimal text here; nothing is rounded.

/** A scalar as carried on the wire after parsing; decimals stay text. */
export type Scalar = string | number | boolean;
/** Fields by name. A missing or undefined entry means the sender left the field unset. */
export type Values = { [name: string]: Scalar | Values[] | undefined };

type Gate = {
  /** First server version that carries the field, inclusive. */
  from?: number;
  /** First server version that no longer carries it. */
  until?: number;
  /** Present only when this holds for the fields before it (e.g. a block behind a flag). */
  when?: (values: Values) => boolean;
  /** Says `when` in words, for the generated page. */
  note?: string;
  /** Text sent when the value is unset; empty unless given. */
  unset?: string;
};
export type Field = Gate & { name: string; kind: 'int' | 'decimal' | 'bool' | 'text' };
/** A count followed by that many rows. */
type List = Gate & { name: string; kind: 'list'; rows: readonly Entry[] };
export type Entry = Field | List;

type ValueOf<E> = E extends { kind: 'int' }
  ? number
  : E extends { kind: 'bool' }
    ? boolean
    : E extends { kind: 'list' }
      ? Values[]
      : string;

/** The values a table describes, by field name. */
export type ValuesOf<T extends readonly Entry[]> = {
  [E in T[number] as E['name']]?: ValueOf<E> | undefined;
};

/** A message: its numeric id, its name in the journal, and its fields in wire order. */
export type Layout<T extends readonly Entry[] = readonly Entry[]> = {
  id: number;
  name: string;
  entries: T;
};

const field =
  <const K extends Field['kind']>(kind: K) =>
  <const N extends string>(name: N, gate: Gate = {}) => ({ kind, name, ...gate });

/** Whole number; empty and the 32- and 64-bit sentinels mean unset. */
export const int = field('int');
/** Price, quantity or ratio as decimal text, or `Infinity`; empty and the double sentinel mean unset. */
export const decimal = field('decimal');
/** `0`/`1`, also `false`/`true`; empty and the 32-bit sentinel mean unset. */
export const bool = field('bool');
/** Free text, never containing NUL. */
export const text = field('text');
/** A counted list of rows, which may hold lists of their own. */
export const list = <const N extends string>(
  name: N,
  rows: readonly Entry[],
  gate: Gate = {},
): List & { name: N } => ({ kind: 'list', name, rows, ...gate });

/** Declares a message. */
export const message = <const T extends readonly Entry[]>(
  name: string,
  id: number,
  entries: T,
): Layout<T> => ({ id, name, entries });

const existsAt = (entry: Entry, version: number) =>
  version >= (entry.from ?? 0) && version < (entry.until ?? Number.POSITIVE_INFINITY);

const existing = (entries: readonly Entry[], version: number): Entry[] =>
  entries
    .filter((e) => existsAt(e, version))
    .map((e) => (e.kind === 'list' ? { ...e, rows: existing(e.rows, version) } : e));

const perVersion = new WeakMap<Layout, Map<number, readonly Entry[]>>();

/** The entries of a message at one server version, in wire order. Cached. */
export function entriesAt(layout: Layout, version: number): readonly Entry[] {
  let versions = perVersion.get(layout);
  if (versions === undefined) {
    versions = new Map();
    perVersion.set(layout, versions);
  }
  let entries = versions.get(version);
  if (entries === undefined) {
    entries = existing(layout.entries, version);
    versions.set(version, entries);
  }
  return entries;
}
