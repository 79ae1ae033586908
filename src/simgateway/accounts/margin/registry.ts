// Every margin rule, and the requirement of a whole account.
import type { Amounts } from '../account.ts';
import { BASE_CURRENCY } from '../account.ts';
import { isTreasury } from '../commission/bonds.ts';
import { mulDiv } from '../value.ts';
import { equities } from './equities.ts';
import { futures } from './futures.ts';
import type { Holding, Margin, MarginFacts } from './margin-rule.ts';
import { flatRule, sumOf } from './margin-rule.ts';

/** Cryptocurrencies are paid in full. */
const crypto = flatRule(
  (i) => i.secType === 'CRYPTO',
  () => ({ init: 100, maint: 100 }),
);
/** Source: IBKR, "Fixed Income Margin", typical figures. */
const bonds = flatRule(
  (i) => i.secType === 'BOND',
  (i) => (isTreasury(i) ? { init: 5, maint: 4 } : { init: 25, maint: 20 }),
);
const RULES = [equities, futures, crypto, bonds];

/** Thousandths of a balance that may be lost to its rate. Source: IBKR, "Spot Currency Margin". */
const HAIRCUTS: Readonly<Record<string, number>> = { JPY: 30, CNH: 50, MXN: 60, ZAR: 70 };
const HAIRCUT = 25;

function cashMargin(cash: Amounts, facts: MarginFacts): Margin {
  let total = 0;
  for (const [currency, amount] of Object.entries(cash)) {
    if (currency === BASE_CURRENCY || amount === 0) continue;
    const usd = Math.abs(facts.usd(amount, currency));
    total += mulDiv(usd, HAIRCUTS[currency] ?? HAIRCUT, 1000);
  }
  return { init: total, maint: total };
}

/** What an account's holdings and currency balances require. */
export function marginOf(holdings: readonly Holding[], cash: Amounts, facts: MarginFacts): Margin {
  const margins = RULES.map((rule) => {
    const covered = holdings.filter((h) => rule.covers(h.instrument));
    return covered.length === 0 ? { init: 0, maint: 0 } : rule.of(covered, facts);
  });
  return sumOf([...margins, cashMargin(cash, facts)]);
}
