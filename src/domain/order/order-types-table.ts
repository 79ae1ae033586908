import {
  isTrailing,
  mayWorkOutsideRth,
  needOf,
  orderTypes,
  priceFields,
  tifsOf,
  wireTypeOf,
  type OrderType,
  type PriceField,
} from './order-type.ts';

/** The Markdown table of all order types, as docs/order-types.md shows it. */
export function orderTypesTable(): string {
  const rows = orderTypes.map((type) =>
    [type, needs(type), tifsOf(type).join(', '), hours(type), `\`${wireTypeOf(type)}\``].join(
      ' | ',
    ),
  );
  return [
    '| Type | Prices | TIF, the first is meant where none is given | Outside RTH | In the bytes |',
    '| - | - | - | - | - |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function needs(type: OrderType): string {
  const having = (need: string): PriceField[] =>
    priceFields.filter((field) => needOf(type, field) === need);
  const code = (field: PriceField): string => `\`${field}\``;
  const parts = [
    ...having('needed').map(code),
    ...(isTrailing(type) ? [having('one-of').map(code).join(' or ')] : []),
    ...having('optional').map((field) => `${code(field)} (may be left out)`),
  ];
  return parts.join(', ') || 'none';
}

function hours(type: OrderType): string {
  return mayWorkOutsideRth(type, tifsOf(type)[0]) ? 'yes' : 'no';
}
