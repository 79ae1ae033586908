import { z } from 'zod';
import { dec, Dec, decimalText } from '../domain/money/decimal.ts';
import type { Portfolio } from '../domain/portfolio/portfolio.ts';
import { operation } from './operation.ts';
import { pickAccount } from './parts/accounts.ts';
import { account } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { anyReader } from './parts/role-groups.ts';
import { decimal, Money } from './parts/shapes.ts';

const CashRow = Money.extend({
  rate: decimal.nullable().describe("Base currency per unit, by the account's ledger"),
  inBase: decimal.nullable().describe('In base currency, to the hundredth; null = no rate'),
});

export const getCash = operation({
  name: 'get_cash',
  title: 'Cash',
  description:
    'Cash of an account per currency (negative = borrowed), each converted to base currency by the rate of the account ledger, ' +
    'the total in base currency, and the funds available for new orders. Null = there is no rate for a currency.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/cash' },
  mcp: readOnly,
  input: z.strictObject({ account }),
  output: z.object({
    account: z.string(),
    baseCurrency: z.string(),
    availableFunds: Money,
    cash: z.array(CashRow),
    totalInBase: decimal.nullable().describe('Null where a currency has no rate'),
  }),
  async run(context, input) {
    const portfolio = await context.broker.portfolio(await pickAccount(context, input.account));
    const rows = portfolio.cash.map((row) => ({ ...row, ...converted(portfolio, row) }));
    const parts = rows.map(({ inBase }) => inBase);
    return { ...portfolio, cash: rows, totalInBase: sumOf(parts) };
  },
});

function converted(
  { baseCurrency, exchangeRates }: Portfolio,
  { amount, currency }: Portfolio['cash'][number],
) {
  const known = exchangeRates.find((one) => one.currency === currency)?.rate ?? null;
  const rate = currency === baseCurrency ? decimalText('1') : known;
  const inBase =
    rate === null ? null : decimalText(dec(amount).times(dec(rate)).toDecimalPlaces(2));
  return { rate, inBase };
}

function sumOf(parts: readonly (string | null)[]): string | null {
  let sum = new Dec(0);
  for (const part of parts) {
    if (part === null) return null;
    sum = sum.plus(dec(part));
  }
  return decimalText(sum);
}
