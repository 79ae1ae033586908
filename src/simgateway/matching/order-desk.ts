// Takes orders, modifies and cancels, and moves every live order along as prices, clock and link
// change. Sequences follow reference note §2.8, states §3.4, errors §3.5.
import type { Account } from '../accounts/account.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import type { Instrument } from '../market/instrument.ts';
import type { ExchangeClock } from '../market/exchange-clock.ts';
import type { Micros } from '../market/money.ts';
import type { QuoteBook } from '../market/quote-book.ts';
import type { DeskEvent } from './desk-events.ts';
import { fillOrder } from './fills.ts';
import type { FillPolicy } from './fill-policy.ts';
import { canWorkAt, isTriggered, tradePrice } from './marketability.ts';
import { isChangeOf, isLive } from './order.ts';
import type { OrderFields, OrderStatus, OrderTerms, SimOrder } from './order.ts';
import { checkOrder, isOrderError } from './order-checks.ts';
import type { CheckedOrder, OrderError } from './order-checks.ts';
import type { OrderStore } from './order-store.ts';
import { Slicer } from './slicer.ts';
import { waitingWarning } from './waiting-warning.ts';
import { whatIf } from './what-if.ts';

type DeskContext = {
  store: OrderStore;
  accounts: ReadonlyMap<string, Account>;
  quotes: QuoteBook;
  clock: ExchangeClock;
  emit: (event: DeskEvent) => void;
};
/** How an order is taken when a fault is at work. */
export type Handling = {
  muted?: boolean;
  holdsCancel?: boolean;
  reject?: OrderError;
  /** A change makes a second live order with a permId of its own; the first stays live. */
  forks?: boolean;
};

/** The one place where orders change state. */
export class OrderDesk {
  policy: FillPolicy = { mode: 'immediate' };
  /** False while the broker link is down (1100): orders are kept, not sent on. */
  linkUp = true;
  /** While the link is down the exchange goes on filling what was working there. */
  tradesUnseen = false;
  /** A change of a live order makes a second one, as it can while the link is down. */
  forksModifies = false;
  private readonly c: DeskContext;
  private readonly slicer: Slicer;

  constructor(context: DeskContext) {
    this.c = context;
    this.slicer = new Slicer(context.clock, (order, shares) => {
      this.fill(order, shares);
    });
  }

  /** A placeOrder: a what-if, a modify of a live order, or a new order. */
  place(clientId: number, f: OrderFields, handling: Handling = {}): void {
    const orderId = f.orderId ?? 0;
    const refuse = (e: OrderError) => {
      this.c.emit({ type: 'refused', clientId, orderId, ...e });
    };
    const existing = this.c.store.byOrderId(clientId, orderId);
    const isModify = f.whatIf !== true && existing !== undefined && isLive(existing);
    if (!isModify && f.whatIf !== true && orderId < this.c.store.nextId(clientId)) {
      const filled = existing?.status === 'Filled' && isChangeOf(existing, f);
      if (filled) refuse({ code: 104, text: "Can't modify a filled order." });
      else refuse({ code: 103, text: 'Duplicate order id' });
      return;
    }
    const checked = checkOrder(f, {
      accounts: [...this.c.accounts.keys()],
      dayOrderExpiry: this.c.quotes.dayOrderExpiry(),
    });
    if (isOrderError(checked)) {
      refuse(checked);
    } else if (f.whatIf === true) {
      const result = whatIf(
        this.accountOf(checked.account),
        checked.instrument,
        checked.terms,
        this.c.quotes,
      );
      this.c.emit({ type: 'whatIf', clientId, orderId, fields: f, result });
    } else if (isModify) {
      this.modify(existing, f, checked, handling);
    } else {
      this.accept(clientId, f, checked, handling);
    }
  }

  /** A cancelOrder of the client's own order. */
  cancel(clientId: number, orderId: number): void {
    const order = this.c.store.byOrderId(clientId, orderId);
    const refuse = (code: number, text: string) => {
      this.c.emit({ type: 'refused', clientId, orderId, code, text });
    };
    const name = `OrderId ${orderId} that needs to be cancelled`;
    if (order === undefined) refuse(10147, `${name} is not found.`);
    else if (!isLive(order)) refuse(10148, `${name} cannot be cancelled, state: ${order.status}.`);
    else this.requestCancel(order);
  }

  /** Cancels every live order of every client. */
  cancelAll(): void {
    for (const order of [...this.c.store.live]) this.requestCancel(order);
  }

  private requestCancel(order: SimOrder): void {
    order.status = 'PendingCancel';
    this.c.emit({ type: 'orderStatus', order });
    if (!order.holdsCancel) this.finishCancel(order);
  }

  /** Ends an order as cancelled, with confirmation 202 after the status. */
  finishCancel(order: SimOrder, reason = ''): void {
    this.close(order, 'Cancelled', reason === '' ? 'Cancelled by Trader' : reason);
    this.c.emit({
      type: 'orderMessage',
      order,
      code: 202,
      text: `Order Canceled - reason:${reason}`,
    });
  }

  /** Refuses an order that was accepted before. */
  rejectLate(order: SimOrder, error: OrderError): void {
    if (!isLive(order)) return;
    this.close(order, 'Inactive', `Rejected: ${error.text}`);
    this.c.emit({ type: 'orderMessage', order, ...error });
  }

  /** Fills by hand. Returns why it cannot, or undefined when done. */
  fill(order: SimOrder, shares: number, price?: Micros): string | undefined {
    const left = order.terms.quantity - order.filled;
    if (!Number.isSafeInteger(shares) || shares < 1)
      return 'shares must be a positive whole number';
    if (shares > left) return `only ${left} shares are left`;
    const instrument = this.instrumentOf(order);
    const top = this.c.quotes.top(instrument);
    const market = order.terms.action === 'BUY' ? top.ask : top.bid;
    this.book(order, shares, price ?? order.terms.limitPrice ?? market);
    return undefined;
  }

  /** Re-examines every live order; call after prices, clock, link or policy changed. */
  evaluateAll(): void {
    for (const order of [...this.c.store.live]) this.evaluate(order);
  }

  private accept(clientId: number, f: OrderFields, checked: CheckedOrder, h: Handling): void {
    const { store, clock } = this.c;
    const order: SimOrder = {
      permId: store.takePermId(),
      clientId,
      orderId: f.orderId ?? 0,
      account: checked.account,
      conId: checked.instrument.conId,
      orderRef: f.orderRef ?? '',
      terms: checked.terms,
      status: f.transmit === true ? 'PreSubmitted' : 'ApiPending',
      filled: 0,
      paid: 0,
      charged: 0,
      lastFillPrice: 0,
      triggered: false,
      muted: h.muted ?? false,
      holdsCancel: h.holdsCancel ?? false,
      placedAt: clock.now(),
      fields: f,
    };
    store.add(order);
    store.raiseNextId(clientId, order.orderId);
    // An order kept back with transmit=false is silent until it is sent again.
    if (order.status !== 'ApiPending') this.admit(order, checked.instrument, h.reject);
  }

  /** Checks the money and sends the order on its way. */
  private admit(order: SimOrder, instrument: Instrument, forced?: OrderError): void {
    const rejection = forced ?? this.marginError(order, instrument, order.terms);
    if (rejection !== undefined) {
      this.close(order, 'Inactive', `Rejected: ${rejection.text}`);
      this.c.emit({ type: 'orderMessage', order, ...rejection });
      return;
    }
    if (!this.linkUp) order.status = 'PendingSubmit';
    this.report(order);
    this.evaluate(order);
    this.warnWhenWaiting(order, instrument);
  }

  private marginError(order: SimOrder, i: Instrument, terms: OrderTerms): OrderError | undefined {
    // Only what is left still needs margin; what filled is a position already.
    const left = { ...terms, quantity: terms.quantity - order.filled };
    const { rejection } = whatIf(this.accountOf(order.account), i, left, this.c.quotes);
    return rejection === undefined ? undefined : { code: 201, text: rejection };
  }

  /** Changes a live order; whatever is wrong with the change leaves the original live. */
  private modify(order: SimOrder, f: OrderFields, checked: CheckedOrder, h: Handling): void {
    if (h.forks ?? this.forksModifies) {
      this.accept(order.clientId, f, checked, h);
      return;
    }
    const { terms, instrument } = checked;
    const problem = h.reject ?? this.modifyError(order, checked);
    if (problem !== undefined) {
      const { clientId, orderId } = order;
      this.c.emit({ type: 'refused', clientId, orderId, ...problem });
      return;
    }
    order.terms = terms;
    order.fields = f;
    order.orderRef = f.orderRef ?? '';
    order.muted ||= h.muted ?? false;
    order.holdsCancel ||= h.holdsCancel ?? false;
    if (order.status === 'ApiPending') {
      if (f.transmit !== true) return;
      order.status = 'PreSubmitted';
      this.admit(order, instrument);
    } else if (order.terms.quantity === order.filled) {
      this.close(order, 'Filled', `Filled Size: ${order.filled}`);
    } else {
      this.report(order);
      this.evaluate(order);
    }
  }

  private modifyError(order: SimOrder, checked: CheckedOrder): OrderError | undefined {
    const { terms, instrument } = checked;
    const isSameOrder =
      instrument.conId === order.conId &&
      checked.account === order.account &&
      terms.action === order.terms.action &&
      terms.orderType === order.terms.orderType;
    if (!isSameOrder) {
      return { code: 105, text: 'Order being modified does not match original order.' };
    }
    if (terms.quantity < order.filled) {
      return { code: 201, text: 'Order rejected - reason:quantity is below the filled quantity' };
    }
    return this.marginError(order, instrument, terms);
  }

  /** True while the link is down, but for what the exchange works on out of sight. */
  private isCutOff(order: SimOrder): boolean {
    if (this.linkUp) return false;
    return !this.tradesUnseen || !['Submitted', 'PreSubmitted'].includes(order.status);
  }

  private evaluate(order: SimOrder): void {
    if (order.status === 'ApiPending' || order.status === 'PendingCancel') return;
    const now = this.c.clock.now();
    if (order.terms.expiresAt !== undefined && now >= order.terms.expiresAt) {
      this.finishCancel(order, 'Expired');
      return;
    }
    if (this.isCutOff(order)) return;
    if (order.status === 'PendingSubmit') this.move(order, 'PreSubmitted');
    if (!canWorkAt(order, now)) return;
    const top = this.c.quotes.top(this.instrumentOf(order));
    if (!isTriggered(order, top)) return;
    order.triggered = true;
    const price = tradePrice(order, top);
    if (price !== undefined && this.policy.mode === 'immediate') {
      this.book(order, order.terms.quantity - order.filled, price);
      return;
    }
    if (order.status === 'PreSubmitted') this.move(order, 'Submitted');
    if (price !== undefined && this.policy.mode === 'partial') {
      this.slicer.start(order, this.policy.slices);
    }
    if (price === undefined) this.endIfImmediateOnly(order);
  }

  private endIfImmediateOnly(order: SimOrder): void {
    if (order.terms.tif === 'IOC') {
      this.move(order, 'PendingCancel', false);
      this.close(order, 'Cancelled', 'Cancelled by System:');
    } else if (order.terms.tif === 'FOK') {
      this.close(order, 'Inactive', 'Cancelled by System:');
    }
  }

  private warnWhenWaiting(order: SimOrder, instrument: Instrument): void {
    const now = this.c.clock.now();
    if (order.status !== 'PreSubmitted' || canWorkAt(order, now)) return;
    const text = waitingWarning(order, instrument, now);
    this.c.emit({ type: 'orderMessage', order, code: 399, text });
  }

  private book(order: SimOrder, shares: number, price: Micros): void {
    const { store, clock, emit } = this.c;
    fillOrder(order, shares, price, {
      store,
      account: this.accountOf(order.account),
      exchange: this.instrumentOf(order).primaryExch,
      now: clock.now(),
      emit,
    });
  }

  private close(order: SimOrder, status: OrderStatus, completedStatus: string): void {
    order.completedAt = this.c.clock.now();
    order.completedStatus = completedStatus;
    this.move(order, status);
  }

  private move(order: SimOrder, status: OrderStatus, withOpenOrder = true): void {
    order.status = status;
    this.c.store.settle(order);
    if (withOpenOrder) this.report(order);
    else this.c.emit({ type: 'orderStatus', order });
  }

  private report(order: SimOrder): void {
    this.c.emit({ type: 'openOrder', order });
    this.c.emit({ type: 'orderStatus', order });
  }

  private accountOf(id: string): Account {
    const account = this.c.accounts.get(id);
    if (account === undefined) throw new Error(`account ${id} does not exist`);
    return account;
  }

  private instrumentOf(order: SimOrder): Instrument {
    const instrument = instrumentByConId(order.conId);
    if (instrument === undefined) throw new Error(`contract ${order.conId} does not exist`);
    return instrument;
  }
}
