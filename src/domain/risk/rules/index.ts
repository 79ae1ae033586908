import type { RuleKey } from '../policy.ts';
import type { RiskRule, RuleOf } from '../rule.ts';
import { simulation } from './r00-simulation.ts';
import { maxNotional } from './r01-max-notional.ts';
import { maxPositionShare } from './r02-max-position-share.ts';
import { tradingHours } from './r05-trading-hours.ts';
import { dailyLoss } from './r08-daily-loss.ts';
import { maxQuantity } from './r13-max-quantity.ts';
import { priceCollar } from './r14-price-collar.ts';
import { duplicate } from './r15-duplicate.ts';

/** Every rule by its policy key. The type makes a missing or misplaced rule an error of compilation. */
export const rulesByKey: { readonly [K in RuleKey]: RuleOf<K> } = {
  simulation,
  max_notional: maxNotional,
  max_position_share: maxPositionShare,
  trading_hours: tradingHours,
  daily_loss: dailyLoss,
  max_quantity: maxQuantity,
  price_collar: priceCollar,
  duplicate,
};

/** What a rule says of itself, without its check. */
export type RuleInfo = Omit<RiskRule, 'check' | 'configKey'> & { readonly configKey: RuleKey };

/** Every rule in id order: the order in which they run and are shown. */
export const riskRules: readonly RuleInfo[] = Object.values(rulesByKey).sort(
  (a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)),
);
