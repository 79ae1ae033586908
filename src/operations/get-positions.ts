import { z } from 'zod';
import type { Position } from '../domain/portfolio/portfolio.ts';
import { operation } from './operation.ts';
import { pickAccount } from './parts/accounts.ts';
import { account, cleanText } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { anyReader } from './parts/role-groups.ts';
import { decimal } from './parts/shapes.ts';

export const PositionShape = z.object({
  conId: z.int(),
  symbol: z.string(),
  secType: z.string(),
  currency: z.string(),
  quantity: decimal.describe('Signed: short is negative'),
  averageCost: decimal
    .nullable()
    .describe('Per unit times multiplier; null = the broker did not say'),
  marketPrice: decimal,
  marketValue: decimal.describe('Signed, in the currency of the contract'),
  unrealizedPnl: decimal.nullable(),
  realizedPnl: decimal.nullable(),
});

/** A position as shown. */
export function showPosition(position: Position): z.input<typeof PositionShape> {
  return { ...position, symbol: cleanText(position.symbol, 40) };
}

export const getPositions = operation({
  name: 'get_positions',
  title: 'Positions',
  description:
    'Open positions of an account, sorted by conId: signed quantity, average cost, market value and profit, each in the ' +
    "contract's currency. Empty list = no positions; no answer from the broker is an error, never an empty list.",
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/positions' },
  mcp: readOnly,
  input: z.strictObject({ account }),
  output: z.object({ account: z.string(), positions: z.array(PositionShape) }),
  async run(context, input) {
    const portfolio = await context.broker.portfolio(await pickAccount(context, input.account));
    return { account: portfolio.account, positions: portfolio.positions.map(showPosition) };
  },
});
