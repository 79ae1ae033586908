import { z } from 'zod';
import type { CompletedOrder } from '../../domain/portfolio/portfolio.ts';
import { cleanText } from './fields.ts';
import { decimal } from './shapes.ts';

/** Orders as the broker shows them, live and over, ours and foreign. */

/** An orderRef that is one of our intent ids; any other text was written by somebody else and is not passed on. */
const ours = /^int_[0-9a-z]{20}$/;

/** Our intent id, or null for an order that was placed elsewhere. */
export function intentOf(orderRef: string): string | null {
  return ours.test(orderRef) ? orderRef : null;
}

/** What live orders and those that are over have in common. */
export const brokerOrderFields = {
  intentId: z.string().nullable().describe('Null = placed elsewhere'),
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
export function showBrokerOrder<O extends Omit<CompletedOrder, 'completedAt'>>(order: O) {
  const { ocaGroup } = order;
  return {
    ...order,
    intentId: intentOf(order.orderRef),
    symbol: cleanText(order.symbol, 40),
    ocaGroup: ocaGroup === '' ? null : groupName.test(ocaGroup) ? ocaGroup : 'named elsewhere',
  };
}
