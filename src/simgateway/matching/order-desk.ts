// Takes orders, modifies and cancels: the door of the matching engine. Sequences follow reference note
// §2.8, states §3.4, errors §3.5. Status changes are in `transitions.ts`, fills in `matcher.ts`.
import { UNIT } from '../accounts/value.ts';
import type { Size } from '../market/instrument.ts';
import type { Micros } from '../market/money.ts';
import { admissionError, linkError, marginError, ocaOf } from './admission.ts';
import { isFrozen } from './cut-off.ts';
import { instrumentOf } from './desk-context.ts';
import type { DeskContext } from './desk-context.ts';
import { correctExecution } from './correction.ts';
import type { FillPolicy } from './fill-policy.ts';
import { handFill, handFillProblem } from './hand-fill.ts';
import { allowanceOf, keptBack, Links } from './links.ts';
import { Matcher } from './matcher.ts';
import { changeTerms, modifyError, TOO_LATE_TO_CHANGE } from './modify.ts';
import { checkOrder } from './order-checks.ts';
import type { CheckedOrder } from './order-checks.ts';
import { isOrderError } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import { BAG_CON_ID, isChangeOf, isLive, newWorking, remainingOf } from './order.ts';
import type { Execution, OrderFields, SimOrder } from './order.ts';
import { canWorkIn } from './pass.ts';
import { HELD_FOR_LOCATE } from './short-sale.ts';
import { Transitions } from './transitions.ts';
import { waitingWarning } from './waiting-warning.ts';
import { answerWhatIf } from './what-if.ts';

/** How an order is taken when a fault is at work. */
export type Handling = {
  muted?: boolean;
  holdsCancel?: boolean;
  reject?: OrderError;
  /** A change makes a second live order with a permId of its own; the first stays live. */
  forks?: boolean;
};

/** Client id of orders entered in TWS. */
const MANUAL_CLIENT = 0;

const nameForCancel = (orderId: number) => `OrderId ${orderId} that needs to be cancelled`;
const tooLate = ({ orderId, status }: SimOrder) =>
  `${nameForCancel(orderId)} cannot be cancelled, state: ${status}.`;

/** The one door through which orders come, change and go. */
export class OrderDesk {
  /** A change of a live order makes a second one, as it can while the link is down. */
  forksModifies = false;
  private readonly c: DeskContext;
  private readonly transitions: Transitions;
  private readonly links: Links;
  private readonly matcher: Matcher;

  constructor(context: DeskContext) {
    this.c = context;
    this.transitions = new Transitions(context);
    this.links = new Links(context, this.transitions);
    this.matcher = new Matcher(context, this.transitions, this.links);
  }

  get policy(): FillPolicy {
    return this.matcher.policy;
  }

  set policy(policy: FillPolicy) {
    this.matcher.policy = policy;
  }

  /** False while the broker link is down (1100): orders are kept, not sent on. */
  get linkUp(): boolean {
    return this.matcher.linkUp;
  }

  set linkUp(isUp: boolean) {
    this.matcher.linkUp = isUp;
  }

  /** While the link is down the exchange goes on filling what was working there. */
  get tradesUnseen(): boolean {
    return this.matcher.tradesUnseen;
  }

  set tradesUnseen(isUnseen: boolean) {
    this.matcher.tradesUnseen = isUnseen;
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
    const checked = this.check(f);
    if (isOrderError(checked)) {
      refuse(checked);
    } else if (f.whatIf === true) {
      answerWhatIf(clientId, f, checked, this.c);
    } else if (isModify) {
      this.modify(existing, f, checked, handling);
    } else {
      const problem = linkError(clientId, f, checked.account, this.c.store);
      if (problem === undefined) this.accept(clientId, f, checked, handling);
      else refuse(problem);
    }
  }

  /** An order entered in TWS itself: client 0, order id 0, until it is bound. */
  placeManual(f: OrderFields): SimOrder | OrderError {
    const fields: OrderFields = { ...f, orderId: 0, transmit: true, whatIf: false };
    const checked = this.check(fields);
    if (isOrderError(checked)) return checked;
    return this.accept(MANUAL_CLIENT, fields, checked, {});
  }

  /** A cancelOrder of the client's own order. */
  cancel(clientId: number, orderId: number): void {
    const order = this.c.store.byOrderId(clientId, orderId);
    const refuse = (code: number, text: string) => {
      this.c.emit({ type: 'refused', clientId, orderId, code, text });
    };
    if (order === undefined) refuse(10147, `${nameForCancel(orderId)} is not found.`);
    else if (!isLive(order) || this.isFrozen(order)) refuse(10148, tooLate(order));
    else if (order.status === 'PendingCancel') {
      const text = 'Cancel attempted when order is not in a cancellable state.';
      refuse(161, `${text} Order permId =${order.permId}`);
    } else this.requestCancel(order);
  }

  /** Cancels every live order of every client, those from TWS too. */
  cancelAll(): void {
    for (const order of [...this.c.store.live]) {
      if (!isLive(order) || order.status === 'PendingCancel') continue;
      if (this.isFrozen(order)) this.transitions.tell(order, 10148, tooLate(order));
      else this.requestCancel(order);
    }
  }

  /** Ends an order as cancelled, with confirmation 202 after the status. */
  finishCancel(order: SimOrder, reason = ''): void {
    this.transitions.finishCancel(order, reason);
  }

  /** Refuses an order that was accepted before. */
  rejectLate(order: SimOrder, error: OrderError): void {
    if (isLive(order)) this.transitions.refuse(order, error);
  }

  /** Fills by hand. Returns why it cannot, or undefined when done. */
  fill(order: SimOrder, size: Size, price?: Micros): string | undefined {
    const problem = handFillProblem(order, size);
    if (problem !== undefined) return problem;
    this.matcher.book(order, handFill(order, size, price, this.c));
    this.links.settle();
    return undefined;
  }

  /** Corrects the price of an execution; undefined when it cannot be corrected. */
  correct(execution: Execution, price: Micros): Execution | undefined {
    const order = this.c.store.orders.get(execution.permId);
    return order === undefined ? undefined : correctExecution(order, execution, price, this.c);
  }

  /** Re-examines every live order; call after prices, clock, link or policy changed. */
  evaluateAll(): void {
    this.matcher.evaluateAll();
  }

  private check(f: OrderFields): CheckedOrder | OrderError {
    return checkOrder(f, {
      accounts: [...this.c.accounts.keys()],
      contracts: this.c.contracts,
      market: this.c.market,
      now: this.c.clock.now(),
    });
  }

  private accept(clientId: number, f: OrderFields, checked: CheckedOrder, h: Handling): SimOrder {
    const { store, clock } = this.c;
    const now = clock.now();
    const parentId = f.parentId ?? 0;
    const parent = parentId === 0 ? undefined : store.byOrderId(clientId, parentId);
    const oca = ocaOf(f, checked.terms, parent);
    const order: SimOrder = {
      permId: store.takePermId(),
      clientId,
      orderId: f.orderId ?? 0,
      account: checked.account,
      conId: checked.terms.legs === undefined ? checked.instrument.conId : BAG_CON_ID,
      orderRef: f.orderRef ?? '',
      terms: checked.terms,
      status: f.transmit === true ? 'PreSubmitted' : 'ApiPending',
      ordered: checked.terms.quantity,
      filled: 0,
      paid: 0,
      priced: 0,
      charged: 0,
      lastFillPrice: 0,
      working: newWorking(store.takeRank(), now),
      ...(parent === undefined ? {} : { parentPermId: parent.permId }),
      ...(oca === undefined ? {} : { oca }),
      muted: h.muted ?? false,
      holdsCancel: h.holdsCancel ?? false,
      placedAt: now,
      fields: f,
    };
    store.add(order);
    store.raiseNextId(clientId, order.orderId);
    order.working.isChild = allowanceOf(order, store) === 0;
    // An order kept back with transmit=false is silent until it, or a child of it, is sent.
    if (order.status !== 'ApiPending') this.transmit(order, h.reject);
    return order;
  }

  /** Sends an order on, with whatever waits for it: its parents first, then their earlier children. */
  private transmit(order: SimOrder, forced?: OrderError): void {
    const family = keptBack(order, this.c.store);
    for (const member of family) {
      if (member.status === 'ApiPending') member.status = 'PreSubmitted';
    }
    const admitted: SimOrder[] = [];
    for (const member of family) {
      const reject = member === order ? forced : undefined;
      if (isLive(member) && this.admit(member, reject)) admitted.push(member);
    }
    this.matcher.evaluate(admitted.filter(isLive));
    for (const member of admitted) this.warnWhenWaiting(member);
  }

  /** Checks the money, and reports the order as taken or refused. */
  private admit(order: SimOrder, forced?: OrderError): boolean {
    const verdict = forced ?? admissionError(order, this.c);
    const isHeld = forced === undefined && verdict === HELD_FOR_LOCATE;
    if (verdict !== undefined && !isHeld) {
      this.transitions.refuse(order, verdict);
      return false;
    }
    order.working.isLocating = isHeld;
    if (!this.linkUp) order.status = 'PendingSubmit';
    this.transitions.report(order);
    if (isHeld) this.transitions.tell(order, HELD_FOR_LOCATE.code, HELD_FOR_LOCATE.text);
    return true;
  }

  /** Changes a live order; whatever is wrong with the change leaves the original live. */
  private modify(order: SimOrder, f: OrderFields, checked: CheckedOrder, h: Handling): void {
    if (h.forks ?? this.forksModifies) {
      this.accept(order.clientId, f, checked, h);
      return;
    }
    const problem =
      h.reject ??
      (this.isFrozen(order) ? TOO_LATE_TO_CHANGE : modifyError(order, f, checked)) ??
      marginError(order, checked.instrument, checked.terms, this.c);
    if (problem !== undefined) {
      const { clientId, orderId } = order;
      this.c.emit({ type: 'refused', clientId, orderId, ...problem });
      return;
    }
    changeTerms(order, f, checked.terms, { now: this.c.clock.now(), store: this.c.store });
    order.muted ||= h.muted ?? false;
    order.holdsCancel ||= h.holdsCancel ?? false;
    if (order.status === 'ApiPending') {
      if (f.transmit === true) this.transmit(order);
    } else if (remainingOf(order) === 0) {
      this.transitions.close(order, 'Filled', `Filled Size: ${order.filled / UNIT}`);
    } else {
      this.transitions.report(order);
      this.matcher.evaluate([order]);
    }
  }

  private isFrozen(order: SimOrder): boolean {
    const { market, clock } = this.c;
    return isFrozen(order, instrumentOf(this.c, order), { market, now: clock.now() });
  }

  private requestCancel(order: SimOrder): void {
    order.status = 'PendingCancel';
    this.c.emit({ type: 'orderStatus', order });
    if (!order.holdsCancel) this.transitions.finishCancel(order);
  }

  private warnWhenWaiting(order: SimOrder): void {
    if (order.status !== 'PreSubmitted') return;
    const now = this.c.clock.now();
    const instrument = instrumentOf(this.c, order);
    if (canWorkIn(order, instrument, this.c.market.phase(instrument, now))) return;
    this.transitions.tell(order, 399, waitingWarning(order, instrument, this.c.market, now));
  }
}
