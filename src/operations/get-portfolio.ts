import { z } from 'zod';
import { operation } from './operation.ts';
import { pickAccount } from './parts/accounts.ts';
import { account } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { anyReader } from './parts/role-groups.ts';
import { Money } from './parts/shapes.ts';
import { PositionShape, showPosition } from './get-positions.ts';

export const getPortfolio = operation({
  name: 'get_portfolio',
  title: 'Portfolio',
  description:
    'Net liquidation value, buying power, margins, cash and positions of an account as the broker reports them now. ' +
    'Use it before proposing an order. For positions or cash alone, get_positions and get_cash are shorter.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/portfolio' },
  mcp: readOnly,
  input: z.strictObject({ account }),
  output: z.object({
    account: z.string(),
    baseCurrency: z.string(),
    netLiquidation: Money,
    availableFunds: Money,
    buyingPower: Money,
    initialMargin: Money,
    maintenanceMargin: Money,
    dailyPnl: Money.nullable().describe('Of the trading day, in base currency; null = not known'),
    unrealizedPnl: Money.nullable().describe('Of the open positions'),
    realizedPnl: Money.nullable().describe('Of what was closed today'),
    cash: z.array(Money),
    positions: z.array(PositionShape),
    generation: z.int(),
  }),
  async run(context, input) {
    const portfolio = await context.broker.portfolio(await pickAccount(context, input.account));
    return {
      ...portfolio,
      cash: [...portfolio.cash],
      positions: portfolio.positions.map(showPosition),
    };
  },
});
