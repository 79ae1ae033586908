import { z } from 'zod';
import { GatewayError, type FieldProblem } from '../../domain/errors.ts';
import type { ContractDetails } from '../../domain/instrument/contract.ts';
import { dec, decimalText, type Dec, type DecimalText } from '../../domain/money/decimal.ts';
import { OrderIntent, type OrderTerms } from '../../domain/order/intent.ts';
import type { OperationContext } from '../operation.ts';
import { pickAccount } from './accounts.ts';
import { resolveOne } from './instruments.ts';

/**
 * An order that is only looked at (simulate_order, evaluate_risk): the same fields as a proposal, but the reason
 * may be left out, since no human reads it.
 */
export const OrderDraft = z
  .strictObject({ ...OrderIntent.shape, reason: OrderIntent.shape.reason.optional() })
  .superRefine((draft, context) => {
    if ((draft.orderType === 'LMT') !== (draft.limitPrice !== undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['limitPrice'],
        message:
          draft.orderType === 'LMT'
            ? 'an LMT order needs a limitPrice'
            : 'a MKT order takes no limitPrice',
      });
    }
  });
export type OrderDraft = z.output<typeof OrderDraft>;

export type ResolvedOrder = { readonly terms: OrderTerms; readonly details: ContractDetails };

/**
 * Account, contract, price and quantity of an order, each checked. Throws `ACCOUNT_UNKNOWN`, `INSTRUMENT_UNKNOWN`,
 * `INSTRUMENT_AMBIGUOUS`, `PRICE_OFF_TICK`, `QUANTITY_OFF_LOT` or the broker's failure.
 */
export async function resolveOrder(
  context: OperationContext,
  order: Omit<OrderDraft, 'reason'>,
): Promise<ResolvedOrder> {
  const account = await pickAccount(context, order.account);
  const details = await resolveOne(context, order.instrument, '/instrument');
  if (order.limitPrice !== undefined) checkTick(order.limitPrice, details);
  checkLot(order.quantity, details);
  return {
    details,
    terms: {
      account,
      conId: details.contract.conId,
      side: order.side,
      quantity: order.quantity,
      orderType: order.orderType,
      limitPrice: order.limitPrice ?? null,
      tif: order.tif,
      outsideRth: order.outsideRth,
    },
  };
}

function checkTick(price: DecimalText, details: ContractDetails): void {
  const value = dec(price);
  const step = details.priceIncrements.findLast((one) => dec(one.lowEdge).lte(value));
  if (step === undefined) return;
  const near = neighbours(value, dec(step.increment));
  if (near.length === 0) return;
  const { symbol, currency } = details.contract;
  throw new GatewayError(
    'PRICE_OFF_TICK',
    `${price} is not a multiple of ${step.increment}, the minimum variation of ${symbol} there.`,
    {
      hint: `Set limitPrice to ${near.join(' or ')} ${currency}.`,
      problems: [field('/limitPrice', `must be a multiple of ${step.increment}`)],
      details: { nearest: near, increment: step.increment },
    },
  );
}

function checkLot(quantity: DecimalText, details: ContractDetails): void {
  const value = dec(quantity);
  const increment = dec(details.sizeIncrement);
  const tooSmall = value.lt(dec(details.minSize));
  const near = neighbours(value, increment);
  if (!tooSmall && near.length === 0) return;
  const symbol = details.contract.symbol;
  const choices = tooSmall ? [details.minSize] : near;
  throw new GatewayError(
    'QUANTITY_OFF_LOT',
    tooSmall
      ? `${quantity} is less than ${details.minSize}, the smallest order of ${symbol}.`
      : `${quantity} is not a multiple of ${details.sizeIncrement}, the size increment of ${symbol}.`,
    {
      hint: `Set quantity to ${choices.join(' or ')}.`,
      problems: [
        field(
          '/quantity',
          `must be at least ${details.minSize}, in steps of ${details.sizeIncrement}`,
        ),
      ],
      details: { nearest: choices, increment: details.sizeIncrement },
    },
  );
}

/** The positive multiples around a value; empty where it is one itself or nothing can be said. */
function neighbours(value: Dec, increment: Dec): DecimalText[] {
  if (!increment.gt(0) || value.mod(increment).isZero()) return [];
  const below = value.div(increment).floor().mul(increment);
  return [below, below.plus(increment)].filter((one) => one.gt(0)).map((one) => decimalText(one));
}

function field(pointer: string, message: string): FieldProblem {
  return { pointer, message };
}
