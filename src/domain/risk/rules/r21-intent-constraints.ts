import { z } from 'zod';
import type { DecimalText } from '../../money/decimal.ts';
import { fixed, Fixed, larger } from '../../money/fixed.ts';
import type { OrderConstraints } from '../../order/intent.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate, judgeAmount, judgeFloor } from '../judge.ts';
import { judgeFit, judgeTogether, type Part } from '../parts.ts';
import { riskRule, type RuleInput, type RuleResult } from '../rule.ts';

const zero = new Fixed(0, 0);

/** R21. Held at the proposal and again at the claim; exits too, because the proposer itself asked for it. */
export const intentConstraints = riskRule({
  id: 'R21',
  slug: 'r21-intent-constraints',
  title: 'Intent constraints',
  protects: 'An order that leaves on terms which its own proposer had ruled out.',
  unit: 'as asked',
  configKey: 'intent_constraints',
  limits: z.strictObject({
    enabled: z.literal(true, { error: 'true: this rule cannot be switched off' }),
  }),
  needs: [],
  alsoReads: ['marketTime', 'dailyVolume', 'quote', 'contract', 'portfolio', 'fxToBase'],
  check: (input) => {
    const { constraints } = input.terms;
    const parts = constraints === null ? [] : asked(constraints, input);
    return parts.length === 0 ? judgeFit(true, 'nothing asked', 'none') : judgeTogether(parts);
  },
});

function asked(constraints: OrderConstraints, input: RuleInput): readonly Part[] {
  const { maxSlippageBps, maxNotional, minDailyVolume, notBefore, notAfter } = constraints;
  const parts: Part[] = [];
  if (maxSlippageBps !== null) {
    parts.push({ name: 'slippage bps', answer: slippage(input, maxSlippageBps) });
  }
  if (maxNotional !== null) parts.push({ name: 'notional', answer: notional(input, maxNotional) });
  if (minDailyVolume !== null) {
    parts.push({ name: 'daily volume', answer: volume(input, minDailyVolume) });
  }
  if (notBefore !== null || notAfter !== null) {
    parts.push({ name: 'market time', answer: window(input, constraints) });
  }
  return parts;
}

function slippage({ simulation }: RuleInput, limit: DecimalText): RuleResult {
  return 'missing' in simulation
    ? cannotEvaluate(simulation.missing)
    : judgeAmount(larger(zero, fixed(simulation.slippageBps)), fixed(limit));
}

function notional({ simulation }: RuleInput, limit: DecimalText): RuleResult {
  return 'missing' in simulation
    ? cannotEvaluate(simulation.missing)
    : judgeAmount(fixed(simulation.worstNotionalBase), fixed(limit));
}

function volume({ facts: { dailyVolume } }: RuleInput, floor: DecimalText): RuleResult {
  if (!isKnown(dailyVolume)) return cannotEvaluate(dailyVolume.missing);
  return judgeFloor(fixed(dailyVolume.value.average), fixed(floor));
}

/** By the market's clock, both ends inclusive. */
function window(
  { facts: { marketTime } }: RuleInput,
  { notBefore, notAfter }: OrderConstraints,
): RuleResult {
  if (!isKnown(marketTime)) return cannotEvaluate(marketTime.missing);
  const now = marketTime.value;
  // Instants compare as text.
  const fits = (notBefore === null || notBefore <= now) && (notAfter === null || now <= notAfter);
  const limit = [
    notBefore === null ? [] : [`from ${notBefore}`],
    notAfter === null ? [] : [`until ${notAfter}`],
  ];
  return judgeFit(fits, now, limit.flat().join(' '));
}
