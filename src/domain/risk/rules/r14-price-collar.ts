import { z } from 'zod';
import { touchOf, type Touch } from '../../instrument/touch.ts';
import type { Quote, QuoteKind } from '../../instrument/quote.ts';
import { fixed, Fixed } from '../../money/fixed.ts';
import { elapsedMs, type Instant } from '../../time/instant.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate, judgeRatio } from '../judge.ts';
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

/** R14. First whether the quote can be trusted at all, then the order's price against its mid. */
export const priceCollar = riskRule({
  id: 'R14',
  slug: 'r14-price-collar',
  title: 'Price collar',
  protects: 'A price far from the market, and any order priced from a quote that is not one.',
  unit: 'bps',
  configKey: 'price_collar',
  limits: priceCollarLimits,
  needs: ['quote'],
  check: ({ terms, facts, quoteMaxAgeMs }, limits) => {
    if (!isKnown(facts.quote)) return cannotEvaluate('quote');
    const quote = facts.quote.value;
    const touch = touchOf(quote);
    if ('missing' in touch) return cannotEvaluate(touch.missing);
    return (
      distrust(quote, facts.ledger.value.now, limits, quoteMaxAgeMs) ??
      (terms.limitPrice === null
        ? judgeRatio(
            touch.ask.minus(touch.bid).times(basisPoints),
            touch.mid,
            fixed(limits.maxSpreadBps),
            2,
          )
        : judgeLimit(fixed(terms.limitPrice), touch, limits))
    );
  },
});

function judgeLimit(price: Fixed, { mid }: Touch, limits: Limits): RuleResult {
  return judgeRatio(price.minus(mid).abs().times(basisPoints), mid, fixed(limits.limitBps), 2);
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
