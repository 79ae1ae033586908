import type { AccountId } from '../../domain/ids.ts';
import { decimalText, type DecimalText } from '../../domain/money/decimal.ts';
import { fixed } from '../../domain/money/fixed.ts';
import type { Currency } from '../../domain/money/money.ts';
import type { Portfolio } from '../../domain/portfolio/portfolio.ts';
import { isKnown, type ExchangeRate, type Fact, type Known } from '../../domain/risk/facts.ts';
import { instantFromEpochMs } from '../../domain/time/instant.ts';
import type { Counted } from './counted.ts';
import { orNull, within, type Deadline } from './fact.ts';
import type { Fx } from './fx.ts';

/**
 * Base currency per unit of every currency that positions, working orders, cash and the order itself are in: as the
 * account's own ledger converts, else as the pair is quoted. Ascending; a currency without a rate is left out.
 */
export async function gatherRates(
  deadline: Deadline,
  account: AccountId,
  { own, positions, details }: Counted,
  portfolio: Portfolio,
  fx: { readonly ask: Fx; readonly own: Promise<Fact<DecimalText>> },
): Promise<Known<readonly ExchangeRate[]>> {
  const { baseCurrency } = portfolio;
  const ledger = new Map(portfolio.exchangeRates.map(({ currency, rate }) => [currency, rate]));
  const ownCurrency = details.get(own)?.contract.currency;
  const rateOf = async (currency: Currency): Promise<DecimalText | null> => {
    if (currency === baseCurrency) return decimalText('1');
    const stated = ledger.get(currency);
    if (stated !== undefined && fixed(stated).isPositive()) return stated;
    if (currency === ownCurrency) {
      const asked = await fx.own;
      return isKnown(asked) ? asked.value : null;
    }
    const asked = within(deadline, 'exchange rate', fx.ask(account, currency, baseCurrency));
    return (await orNull(asked))?.rate ?? null;
  };
  const currencies = new Set([
    baseCurrency,
    ...portfolio.cash.map(({ currency }) => currency),
    ...[...positions.values()].map(({ currency }) => currency),
    ...[...details.values()].map(({ contract }) => contract.currency),
  ]);
  const rates = await Promise.all(
    [...currencies]
      .filter((currency) => currency !== '')
      .sort((a, b) => (a < b ? -1 : 1))
      .map(async (currency) => ({ currency, rate: await rateOf(currency) })),
  );
  return {
    value: rates.flatMap(({ currency, rate }) => (rate === null ? [] : [{ currency, rate }])),
    source: "the account's exchange rates, else IBKR quotes",
    at: instantFromEpochMs(deadline.clock.wallMs()),
  };
}
