import { z } from 'zod';
import type { FactName, RiskRule } from '../rule.ts';
import { simulation } from './r00-simulation.ts';
import { maxNotional } from './r01-max-notional.ts';
import { maxPositionShare } from './r02-max-position-share.ts';
import { sectorExposure } from './r03-sector-exposure.ts';
import { maxSlippage } from './r04-max-slippage.ts';
import { tradingHours } from './r05-trading-hours.ts';
import { minDailyVolume } from './r06-min-daily-volume.ts';
import { dailyTradeCount } from './r07-daily-trade-count.ts';
import { dailyLoss } from './r08-daily-loss.ts';
import { volatilitySize } from './r09-volatility-size.ts';
import { correlation } from './r10-correlation.ts';
import { drawdown } from './r11-drawdown.ts';
import { sessionEdges } from './r12-session-edges.ts';
import { maxQuantity } from './r13-max-quantity.ts';
import { priceCollar } from './r14-price-collar.ts';
import { duplicate } from './r15-duplicate.ts';
import { repeatedExecution } from './r16-repeated-execution.ts';
import { orderRate } from './r17-order-rate.ts';
import { restrictedList } from './r18-restricted-list.ts';
import { unsettledOrder } from './r19-unsettled-order.ts';
import { agentBudget } from './r20-agent-budget.ts';
import { intentConstraints } from './r21-intent-constraints.ts';

/** Every rule, in id order: the order in which they run and are shown. Adding a rule is a file and a row here. */
const rules = [
  simulation,
  maxNotional,
  maxPositionShare,
  sectorExposure,
  maxSlippage,
  tradingHours,
  minDailyVolume,
  dailyTradeCount,
  dailyLoss,
  volatilitySize,
  correlation,
  drawdown,
  sessionEdges,
  maxQuantity,
  priceCollar,
  duplicate,
  repeatedExecution,
  orderRate,
  restrictedList,
  unsettledOrder,
  agentBudget,
  intentConstraints,
] as const;
type Rule = (typeof rules)[number];

/** Keys below `rules` in the policy file. */
export type RuleKey = Rule['configKey'];
type RuleOf<K extends RuleKey> = Extract<Rule, { readonly configKey: K }>;

/** The limits of each rule by its key, as its own schema reads them. */
export type RuleLimits = { readonly [K in RuleKey]: z.output<RuleOf<K>['limits']> };

const byKey = <T>(pick: (rule: Rule) => T): Record<RuleKey, T> =>
  Object.fromEntries(rules.map((rule) => [rule.configKey, pick(rule)])) as Record<RuleKey, T>;

/** Every rule by its key. */
export const rulesByKey = byKey((rule) => rule) as { readonly [K in RuleKey]: RuleOf<K> };

/** What each rule looks at, in the order in which it is shown. */
export const factsByKey: Readonly<Record<RuleKey, readonly FactName[]>> = byKey(
  ({ needs, alsoReads = [] }: RiskRule) => [...needs, ...alsoReads],
);

/** The schema of `rules` in the policy file: every rule has its entry, whether it is on or off. */
export const ruleLimits = z.strictObject(byKey((rule) => rule.limits)) as z.ZodType<RuleLimits>;

/** What a rule says of itself, without its limits and its check. */
export type RuleInfo = Pick<
  Rule,
  'id' | 'slug' | 'title' | 'protects' | 'unit' | 'configKey' | 'needs'
> & { readonly isDodgeable?: true };

/** Every rule in id order, for whoever shows them. */
export const riskRules: readonly RuleInfo[] = rules;
