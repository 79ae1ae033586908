// Corrects the price of an execution after the fact, as exchanges do: the same fill under an execution
// id that differs in its last part only. The difference moves cash, and cost or profit, once.
import { positionOf } from '../accounts/account.ts';
import { mulDiv, UNIT, valueOf } from '../accounts/value.ts';
import type { Micros } from '../market/money.ts';
import { accountNamed } from './desk-context.ts';
import type { DeskContext } from './desk-context.ts';
import { averagePrice } from './order.ts';
import type { Execution, SimOrder } from './order.ts';

/** The execution id of the next correction: `….01.01` becomes `….01.02`. */
function correctedId(execId: string): string {
  const at = execId.lastIndexOf('.') + 1;
  return execId.slice(0, at) + String(Number(execId.slice(at)) + 1).padStart(2, '0');
}

/** Books the difference on order and account; returns what the execution has realised after it. */
function settle(order: SimOrder, e: Execution, price: Micros, c: DeskContext): Micros | undefined {
  const i = c.contracts.byConId(e.conId);
  if (i === undefined) throw new Error(`contract ${e.conId} does not exist`);
  const account = accountNamed(c, e.account);
  const position = positionOf(account, e.conId);
  const size = e.side === 'BOT' ? e.shares : -e.shares;
  const difference = valueOf(i, price, size) - valueOf(i, e.price, size);
  order.paid += valueOf(i, price, e.shares) - valueOf(i, e.price, e.shares);
  // An opening trade whose position is gone has no cost left to change: it changes profit instead.
  const isProfit = e.realized !== undefined || position.quantity === 0;
  if (i.secType !== 'FUT' || isProfit) {
    account.cash[i.currency] = (account.cash[i.currency] ?? 0) - difference;
  }
  if (!isProfit) {
    position.cost += difference;
    return undefined;
  }
  position.realized -= difference;
  account.realized[i.currency] = (account.realized[i.currency] ?? 0) - difference;
  return (e.realized ?? 0) - difference;
}

/** Puts a corrected execution in place of `e` and reports it. Combinations cannot be corrected. */
export function correctExecution(
  order: SimOrder,
  e: Execution,
  price: Micros,
  c: DeskContext,
): Execution | undefined {
  const at = c.store.executions.indexOf(e);
  if (at < 0 || e.isCombo === true || order.legs !== undefined) return undefined;
  const realized = settle(order, e, price, c);
  order.priced += mulDiv(price, e.shares, UNIT) - mulDiv(e.price, e.shares, UNIT);
  if (order.lastFillPrice === e.price) order.lastFillPrice = price;
  const execution: Execution = {
    ...e,
    execId: correctedId(e.execId),
    price,
    avgPrice: averagePrice(order),
    ...(realized === undefined ? {} : { realized }),
  };
  c.store.executions[at] = execution;
  c.emit({ type: 'execution', order, execution });
  c.emit({ type: 'orderStatus', order });
  c.emit({ type: 'commission', order, execution });
  c.emit({ type: 'holdingsChanged', account: order.account, conId: e.conId });
  return execution;
}
