import { z } from 'zod';
import { autoCategory, refuse } from './category.ts';

/** The number is what counts; the name stands beside it for people and is compared with nothing. */
const instruments = z.array(
  z.strictObject({ con_id: z.int().positive(), name: z.string().min(1).max(80) }),
);

/**
 * Instruments by conId. A denied instrument also denies what is derived from it; an allowed one allows itself
 * alone, never its options or futures.
 */
export const symbols = autoCategory({
  key: 'symbols',
  title: 'Symbols',
  settings: z
    .strictObject({
      allow: instruments.min(1, 'at least one instrument, or null for any').nullable(),
      deny: instruments,
    })
    .refine(({ allow, deny }) => allow !== null || deny.length > 0, {
      error: 'an instrument in allow or deny, or "off"',
    })
    .transform(({ allow, deny }) => ({
      allow: allow?.map((one) => one.con_id) ?? null,
      deny: deny.map((one) => one.con_id),
    })),
  check({ terms, contract }, { allow, deny }) {
    const { conId } = terms;
    if (contract.conId !== conId) return refuse('the contract is not the one that is ordered');
    const under = contract.underlyingConId;
    if (deny.includes(conId)) return refuse(`conId ${conId} is denied`);
    if (contract.secType !== 'STK' && under === undefined && isDerived(contract.secType)) {
      return refuse('the underlying is not known');
    }
    if (under !== undefined && deny.includes(under)) {
      return refuse(`its underlying, conId ${under}, is denied`);
    }
    if (allow !== null && !allow.includes(conId)) return refuse(`conId ${conId} is not allowed`);
    return {
      matches: true,
      observed: `conId ${conId}`,
      limit: allow === null ? `none of ${deny.length} denied` : `one of ${allow.length} allowed`,
    };
  },
});

/** Types whose value hangs on another instrument. */
function isDerived(secType: string): boolean {
  return secType === 'OPT' || secType === 'FUT';
}
