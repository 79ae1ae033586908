import { describe, expect, it } from 'vitest';
import { secTypes } from '../../../../src/domain/instrument/contract.ts';
import { contract } from '../../gate-facts.ts';
import { refusals } from './auto-case.ts';

describe('security types', () => {
  it.each(secTypes)('%s passes only where it is allowed', (secType) => {
    const refused = (allow: readonly string[]): boolean =>
      refusals({
        categories: { security_types: { allow } },
        input: { contract: { ...contract, secType } },
      }).includes('security_types');
    const others = ['STK', 'OPT', 'FUT', 'CASH', 'CRYPTO', 'BOND'].filter((t) => t !== secType);
    expect(refused(others)).toBe(true);
    if (secType !== 'IND') expect(refused([secType])).toBe(false);
  });
});
