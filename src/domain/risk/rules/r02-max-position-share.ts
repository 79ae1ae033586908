import { z } from 'zod';
import { touchOf } from '../../instrument/touch.ts';
import { fixed, larger } from '../../money/fixed.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate, judgeRatio } from '../judge.ts';
import { flag, share } from '../limits.ts';
import { isWorth, riskPrice, unitWorth } from '../notional.ts';
import { riskRule } from '../rule.ts';

/** R2. Exits pass whatever the share is: getting smaller must never be harder than staying large. */
export const maxPositionShare = riskRule({
  id: 'R2',
  slug: 'r02-max-position-share',
  title: 'Max position share',
  protects:
    'A concentration of the account in one instrument, long or short, in one order or in ten.',
  unit: 'share of net liquidation',
  configKey: 'max_position_share',
  limits: z.strictObject({ enabled: flag, limit: share }),
  needs: ['contract', 'portfolio', 'workingOrders', 'quote', 'fxToBase'],
  alsoReads: ['dailyVolume', 'instruments', 'ledger'],
  check: ({ terms, facts, exposure, simulation }, { limit }) => {
    const { contract, portfolio, quote, fxToBase } = facts;
    if (exposure === null || !isKnown(contract) || !isKnown(portfolio)) {
      return cannotEvaluate('contract, portfolio or working orders');
    }
    if (!isKnown(quote) || !isKnown(fxToBase)) return cannotEvaluate('quote or exchange rate');
    if ('missing' in simulation) return cannotEvaluate(simulation.missing);
    const touch = touchOf(quote.value);
    if ('missing' in touch) return cannotEvaluate(touch.missing);
    const unit = unitWorth(contract.value);
    if (!isWorth(unit)) return cannotEvaluate(unit.missing);
    const netLiquidation = fixed(portfolio.value.netLiquidation.amount);
    if (!netLiquidation.isPositive()) return cannotEvaluate('net liquidation value above zero');
    const price = larger(touch.mid, fixed(simulation.worstPrice));
    const { secType } = contract.value.contract;
    const risk = riskPrice(secType, terms.conId, price, facts);
    // An exit passes whatever the share is: it must not fail for want of a delta.
    if (!isWorth(risk) && !exposure.isExit) return cannotEvaluate(risk.missing);
    const each = (isWorth(risk) ? risk : price).times(unit).times(fixed(fxToBase.value));
    const value = exposure.worst.times(each);
    const judged = judgeRatio(value, netLiquidation, fixed(limit), 4);
    return exposure.isExit ? { ...judged, outcome: 'pass' } : judged;
  },
});
