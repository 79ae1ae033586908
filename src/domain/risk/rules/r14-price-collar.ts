import { z } from 'zod';
import { usablePrice } from '../../instrument/touch.ts';
import type { Quote, QuoteKind } from '../../instrument/quote.ts';
import { fixed, Fixed } from '../../money/fixed.ts';
import type { OrderTerms } from '../../order/intent.ts';
import { auctionOf } from '../../order/order-type.ts';
import { priceOrder, type OrderPricing } from '../../simulate/order-pricing.ts';
import { elapsedMs, type Instant } from '../../time/instant.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate, judgeRatio, type Judged } from '../judge.ts';
import { bps, flag } from '../limits.ts';
import { riskRule, type RuleResult } from '../rule.ts';

const quoteKinds = [
  'live',
  'frozen',
  'delayed',
  'delayed-frozen',
] as const satisfies readonly QuoteKind[];
const priceCollarLimits = z
  .strictObject({
    enabled: flag,
    limit_bps: bps,
    max_spread_bps: bps,
    allowed_quote_kinds: z.array(z.enum(quoteKinds, { error: `one of ${quoteKinds.join(', ')}` })),
  })
  .transform((entry) => ({
    enabled: entry.enabled,
    limitBps: entry.limit_bps,
    /** Widest spread at which a market order may be sent. */
    maxSpreadBps: entry.max_spread_bps,
    allowedQuoteKinds: entry.allowed_quote_kinds,
  }));
type Limits = z.output<typeof priceCollarLimits>;

const basisPoints = new Fixed(10_000, 0);

/** R14. First whether the quote can be trusted at all, then each price of the order against what it is measured by. */
export const priceCollar = riskRule({
  id: 'R14',
  slug: 'r14-price-collar',
  title: 'Price collar',
  protects: 'A price far from the market, and any order priced from a quote that is not one.',
  unit: 'bps',
  configKey: 'price_collar',
  limits: priceCollarLimits,
  needs: ['quote'],
  check: ({ terms, facts, collarBps, quoteMaxAgeMs }, limits) => {
    if (!isKnown(facts.quote)) return cannotEvaluate('quote');
    const quote = facts.quote.value;
    const pricing = priceOrder(terms, quote, collarBps);
    if ('missing' in pricing) return cannotEvaluate(pricing.missing);
    return (
      distrust(quote, facts.ledger.value.now, limits, quoteMaxAgeMs) ??
      judgePrices(terms, quote, pricing, limits)
    );
  },
});

/** The order's own price; and of a stop that the market has passed already how far, which at least warns. */
function judgePrices(
  terms: OrderTerms,
  quote: Quote,
  pricing: OrderPricing,
  limits: Limits,
): Judged {
  const judged = judgeOwnPrice(terms, quote, pricing, limits);
  if (pricing.stop === null || !pricing.isTriggered) return judged;
  const passed = distance(pricing.stop, pricing.touch.mid, limits);
  const worse = passed.outcome === 'deny' && judged.outcome !== 'deny' ? passed : judged;
  return {
    ...worse,
    outcome: worse.outcome === 'deny' ? 'deny' : 'warn',
    observed: `${worse.observed}, would trigger at once`,
  };
}

/**
 * A limit against the mid, or against the stop behind which it waits; an auction without one by how far the last
 * trade, which it prints near, is from the mid; all others become market orders, whose cost is the spread.
 */
function judgeOwnPrice(
  terms: OrderTerms,
  quote: Quote,
  { limit, reference, touch }: OrderPricing,
  limits: Limits,
): Judged {
  if (limit !== null) return distance(limit, reference, limits);
  const last = usablePrice(quote.last);
  if (auctionOf(terms) !== null && last !== null) return distance(last, touch.mid, limits);
  const spread = touch.ask.minus(touch.bid).times(basisPoints);
  return judgeRatio(spread, touch.mid, fixed(limits.maxSpreadBps), 2);
}

function distance(price: Fixed, reference: Fixed, limits: Limits): Judged {
  const away = price.minus(reference).abs().times(basisPoints);
  return judgeRatio(away, reference, fixed(limits.limitBps), 2);
}

/** Why the quote is no reference, or null where it is one. */
function distrust(
  quote: Quote,
  now: Instant,
  limits: Limits,
  quoteMaxAgeMs: number,
): RuleResult | null {
  const refuse = (observed: string, limit: string): RuleResult => ({
    outcome: 'deny',
    observed,
    limit,
    share: null,
  });
  if (quote.halted) return refuse('halted', 'trading');
  if (!limits.allowedQuoteKinds.includes(quote.kind)) {
    return refuse(`${quote.kind} quote`, limits.allowedQuoteKinds.join(', '));
  }
  const ageMs = elapsedMs(quote.receivedAt, now);
  // From the future, or no moment at all: a clock is wrong, so the age is not known.
  if (!(ageMs >= -quoteMaxAgeMs)) return cannotEvaluate('the age of the quote');
  if (ageMs > quoteMaxAgeMs) {
    return refuse(`quote ${ageMs} ms old`, `${quoteMaxAgeMs} ms`);
  }
  return null;
}
