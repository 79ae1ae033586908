import { z } from 'zod';
import type { CompletedOrder } from '../../domain/portfolio/portfolio.ts';
import type { OperationContext } from '../operation.ts';
import { cleanText } from './fields.ts';
import { originOf, placedBy } from './placed-by.ts';
import { decimal } from './shapes.ts';

/** Orders as the broker shows them, live and over, ours and foreign. */

/** What live orders and those that are over have in common. */
export const brokerOrderFields = {
  placedBy,
  intentId: z.string().nullable(),
  permId: z.string().describe("The broker's lasting id; empty until it gave one"),
  conId: z.int(),
  symbol: z.string(),
  side: z.enum(['BUY', 'SELL']),
  orderType: z.string().describe("IBKR's word: LMT, STP LMT, TRAIL …"),
  tif: z.string(),
  quantity: decimal,
  filled: decimal,
  limitPrice: decimal.nullable(),
  stopPrice: decimal.nullable().describe('Trigger price; of a trailing order where it is now'),
  trailingAmount: decimal.nullable(),
  trailingPercent: decimal.nullable(),
  parentId: z.int().nullable().describe('orderId of the parent in a bracket'),
  ocaGroup: z.string().nullable().describe('Orders of one group cancel each other'),
  status: z.string().describe("IBKR's word: PreSubmitted, Submitted, Filled, Cancelled …"),
};

/** Names that programs give; a sentence in that place is not passed on. */
const groupName = /^[\w.:-]{1,64}$/;

/** The common fields as shown: what other clients wrote is cleaned or left out. */
export async function showBrokerOrder<O extends Omit<CompletedOrder, 'completedAt'>>(
  { store }: OperationContext,
  order: O,
) {
  const { ocaGroup } = order;
  return {
    ...order,
    ...(await originOf(store, order.orderRef)),
    symbol: cleanText(order.symbol, 40),
    ocaGroup: ocaGroup === '' ? null : groupName.test(ocaGroup) ? ocaGroup : 'named elsewhere',
  };
}
