import { z } from 'zod';
import { orderableSecTypes } from '../../instrument/contract.ts';
import { autoCategory, refuse } from './category.ts';

/** IBKR's security type of the resolved contract, never one that a caller names. */
export const securityTypes = autoCategory({
  key: 'security_types',
  title: 'Security types',
  settings: z.strictObject({
    allow: z.array(z.enum(orderableSecTypes)).min(1, 'at least one security type'),
  }),
  check({ contract: { secType } }, { allow }) {
    return allow.some((one) => one === secType)
      ? { matches: true, observed: secType, limit: allow.join(', ') }
      : refuse(`security type ${secType} is not among ${allow.join(', ')}`);
  },
});
