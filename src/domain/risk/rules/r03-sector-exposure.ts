import { z } from 'zod';
import { isOrderable, orderableSecTypes } from '../../instrument/contract.ts';
import { fixed } from '../../money/fixed.ts';
import { reachesOf, sumOf, type Reach } from '../reach.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate, judgeRatio } from '../judge.ts';
import { flag, share } from '../limits.ts';
import { instrumentOf, isWorth } from '../notional.ts';
import { riskRule } from '../rule.ts';

/** R3. Long and short count alike; what nobody has put into a sector counts in every one. */
export const sectorExposure = riskRule({
  id: 'R3',
  slug: 'r03-sector-exposure',
  title: 'Sector exposure',
  protects: 'An account that depends on one industry, spread over many names.',
  unit: 'share of net liquidation',
  configKey: 'sector_exposure',
  limits: z
    .strictObject({
      enabled: flag,
      limit: share,
      exempt_sec_types: z.array(z.enum(orderableSecTypes)),
    })
    .transform((entry) => ({
      enabled: entry.enabled,
      limit: entry.limit,
      /** Types that have no sector by nature. */
      exemptSecTypes: entry.exempt_sec_types,
    })),
  needs: ['contract', 'portfolio'],
  alsoReads: ['workingOrders', 'quote', 'fxToBase', 'instruments', 'exchangeRates', 'ledger'],
  exits: 'pass',
  check: ({ terms, facts, simulation }, { limit, exemptSecTypes }) => {
    const { contract, portfolio } = facts;
    if (!isKnown(contract) || !isKnown(portfolio)) return cannotEvaluate('contract or portfolio');
    const isExempt = (secType: Reach['secType']): boolean =>
      secType !== null && isOrderable(secType) && exemptSecTypes.includes(secType);
    if (isExempt(contract.value.contract.secType)) {
      return { outcome: 'pass', observed: 'exempt', limit, share: null };
    }
    if ('missing' in simulation) return cannotEvaluate(simulation.missing);
    const own = instrumentOf(terms.conId, facts);
    if ('missing' in own) return cannotEvaluate(own.missing);
    const { sector } = own;
    if (sector === '') return cannotEvaluate('the sector of the instrument');
    const reaches = reachesOf(facts);
    if ('missing' in reaches) return cannotEvaluate(reaches.missing);
    const counts = (entry: Reach): boolean =>
      entry.sector === sector || (entry.sector === '' && !isExempt(entry.secType));
    const held = sumOf(reaches, `sector ${exemptSecTypes.join()} ${sector}`, counts);
    if (!isWorth(held)) return cannotEvaluate(held.missing);
    const netLiquidation = fixed(portfolio.value.netLiquidation.amount);
    if (!netLiquidation.isPositive()) return cannotEvaluate('net liquidation value above zero');
    const value = held.plus(fixed(simulation.worstNotionalBase));
    return judgeRatio(value, netLiquidation, fixed(limit), 4);
  },
});
