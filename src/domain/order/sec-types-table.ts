import { orderableSecTypes } from '../instrument/contract.ts';
import { orderTypes } from './order-type.ts';
import { secTypeFits } from './sec-type-fit.ts';

/** The Markdown table of the kinds of instruments and what each takes, as docs/order-types.md shows it. */
export function secTypesTable(): string {
  const rows = orderableSecTypes.map((secType) => {
    const { orderTypes: types, tifs, isWhole, hasNoMarketBuy } = secTypeFits[secType];
    const all = types.length === orderTypes.length ? 'all' : types.join(', ');
    const taken = hasNoMarketBuy === true ? `${all}; MKT to sell only` : all;
    const quantity = isWhole ? 'whole units' : "the contract's size step";
    return `| ${[secType, taken, tifs.join(', '), quantity].join(' | ')} |`;
  });
  return ['| Kind | Types | TIF | Quantity |', '| - | - | - | - |', ...rows].join('\n');
}
