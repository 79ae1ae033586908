// Moves live orders along as prices, clock and link change, and fills them by the policy in force. A
// book (one instrument's orders) is looked at whole once per quote interval or when its quote changed;
// in between a new order only competes with those that still wait for displayed size.
import { admissionError, hasLocated } from './admission.ts';
import { BookViews } from './book-views.ts';
import { openSizeOf } from './claims.ts';
import { instrumentOf } from './desk-context.ts';
import type { DeskContext } from './desk-context.ts';
import { fillOrder } from './fills.ts';
import type { Booking } from './fills.ts';
import type { FillPolicy } from './fill-policy.ts';
import { fillInAuction } from './auctions.ts';
import type { Links } from './links.ts';
import { isLive } from './order.ts';
import type { SimOrder } from './order.ts';
import { byPriority, canWorkIn, tradePrice } from './pass.ts';
import type { Contender, Pass } from './pass.ts';
import { fillFromTape, joinQueue } from './queue.ts';
import { HELD_FOR_LOCATE } from './short-sale.ts';
import { Slicer } from './slicer.ts';
import { takeLiquidity, tradeCombo } from './taking.ts';
import { tifOf } from './tifs.ts';
import type { Transitions } from './transitions.ts';
import { counts, triggerMethodOf, triggerPrices } from './trigger-price.ts';
import { ruleOf } from './types/registry.ts';
import type { Wish } from './types/order-type.ts';
import type { Size } from '../market/instrument.ts';

/** The matching of one desk. */
export class Matcher {
  policy: FillPolicy = { mode: 'market' };
  /** False while the broker link is down (1100): orders are kept, not sent on. */
  linkUp = true;
  /** While the link is down the exchange goes on filling what was working there. */
  tradesUnseen = false;
  private readonly c: DeskContext;
  private readonly transitions: Transitions;
  private readonly links: Links;
  private readonly views: BookViews;
  /** Orders that would trade but found too little displayed, by instrument and side. */
  private readonly hungry = new Map<string, Set<SimOrder>>();
  private readonly slicer: Slicer;

  constructor(context: DeskContext, transitions: Transitions, links: Links) {
    this.c = context;
    this.transitions = transitions;
    this.links = links;
    this.views = new BookViews(context);
    this.slicer = new Slicer(context.clock, (order, size) => {
      const { instrument, top } = this.views.look(instrumentOf(context, order).conId);
      const { action, limitPrice } = order.terms;
      const price = limitPrice ?? (action === 'BUY' ? top.ask : top.bid) ?? instrument.basePrice;
      this.book(order, { size, price });
    });
  }

  /** Looks at every book; call after prices, clock, link or policy changed. */
  evaluateAll(): void {
    for (const conId of this.c.store.liveInstruments()) this.evaluateBook(conId);
  }

  /** Looks at orders that were just placed or changed, together with whom they compete with. */
  evaluate(orders: readonly SimOrder[]): void {
    for (const order of orders) {
      const { conId } = instrumentOf(this.c, order);
      const pass = this.views.look(conId);
      if (pass.isNewQuote) this.evaluateBook(conId);
      else this.run(pass, [...this.rivalsOf(order, pass), order]);
    }
  }

  /** Books a fill and everything it causes. */
  book(order: SimOrder, booking: Booking): void {
    const wasLive = isLive(order);
    fillOrder(order, booking, this.c);
    if (wasLive) this.links.afterFill(order, booking.size);
  }

  /** Most that an order may fill now. */
  roomOf(order: SimOrder): Size {
    return isLive(order) ? openSizeOf(order, this.c) : 0;
  }

  private evaluateBook(conId: number): void {
    const pass = this.views.look(conId);
    const orders = [...this.c.store.liveIn(conId)];
    this.views.remember(pass, orders, this.policy.mode === 'market');
    this.hungry.delete(`${conId} BUY`);
    this.hungry.delete(`${conId} SELL`);
    this.run(pass, orders);
  }

  private run(pass: Pass, orders: readonly SimOrder[]): void {
    const contenders: Contender[] = [];
    for (const order of orders) {
      const wish = this.prepare(order, pass);
      if (wish?.kind === 'market' || wish?.kind === 'limit') contenders.push({ order, wish });
    }
    if (pass.tape.length > 0) {
      fillFromTape(contenders, pass.tape, pass.top, {
        counts: (order, print) => counts(order, print, pass),
        room: (order) => this.roomOf(order),
        fill: (order, size, price) => {
          this.book(order, { size, price });
        },
      });
    }
    if (contenders.length > 1) contenders.sort(byPriority);
    for (const contender of contenders) this.serve(contender, pass);
    this.links.settle();
  }

  /** What an order wants now, after time and link had their say; undefined when it has to wait. */
  private prepare(order: SimOrder, pass: Pass): Wish | undefined {
    const isIdle = order.status === 'ApiPending' || order.status === 'PendingCancel';
    if (isIdle || !isLive(order)) return undefined;
    const rule = ruleOf(order.terms.orderType);
    if (rule?.auction !== undefined) this.tryAuction(order, rule.auction, pass);
    if (this.isOver(order, pass) || this.isCutOff(order)) return undefined;
    if (order.status === 'PendingSubmit') this.transitions.move(order, 'PreSubmitted');
    if (this.isHeld(order, pass)) return undefined;
    const wish = this.ask(order, pass);
    if (wish?.kind === 'auction' && wish.auction === 'close') this.transitions.submit(order);
    return wish;
  }

  /** What the type's rule says. A trailing stop is known from the first price on: openOrder names it. */
  private ask(order: SimOrder, pass: Pass): Wish | undefined {
    const { terms, working } = order;
    const hadStop = working.stop !== undefined;
    const wish = ruleOf(terms.orderType)?.wish(terms, working, {
      instrument: pass.instrument,
      top: pass.top,
      prices: triggerPrices(order, pass),
      inARow: triggerMethodOf(order, pass.instrument.secType).inARow,
      tickAt: (price) => this.c.market.tickAt(pass.instrument, price),
    });
    if (!hadStop && working.stop !== undefined && wish?.kind === 'held') {
      this.transitions.report(order);
    }
    return wish;
  }

  /** Whether an order has ended; one whose time is over ends here. */
  private isOver(order: SimOrder, { now }: Pass): boolean {
    const { expiresAt } = order.terms;
    if (isLive(order) && expiresAt !== undefined && now >= expiresAt) {
      this.transitions.finishCancel(order, 'Expired');
    }
    return !isLive(order);
  }

  /** Whether an order waits for shares, its hour, its parent, or the market to open. */
  private isHeld(order: SimOrder, pass: Pass): boolean {
    if (this.isLocating(order)) return true;
    if (pass.now < (order.terms.startsAt ?? 0) || this.roomOf(order) === 0) return true;
    if (order.working.isChild && !this.activate(order)) return true;
    return !canWorkIn(order, pass.instrument, pass.phase);
  }

  /** True while the link is down, but for what the exchange works on out of sight. */
  private isCutOff(order: SimOrder): boolean {
    if (this.linkUp) return false;
    return !this.tradesUnseen || !['Submitted', 'PreSubmitted'].includes(order.status);
  }

  /** Whether an order still waits for shares to sell short. */
  private isLocating(order: SimOrder): boolean {
    const { working } = order;
    if (working.isLocating) working.isLocating = !hasLocated(order, this.c);
    return working.isLocating;
  }

  /** Lets a child work once its parent has filled; false when it is refused or has to wait after all. */
  private activate(order: SimOrder): boolean {
    order.working.isChild = false;
    const verdict = admissionError(order, this.c);
    if (verdict === undefined) return true;
    if (verdict === HELD_FOR_LOCATE) {
      order.working.isLocating = true;
      this.transitions.tell(order, verdict.code, verdict.text);
    } else {
      this.transitions.refuse(order, verdict);
    }
    return false;
  }

  private tryAuction(order: SimOrder, kind: 'open' | 'close', pass: Pass): void {
    const isManual = this.policy.mode === 'manual';
    if (isManual || this.isCutOff(order) || this.roomOf(order) === 0) return;
    const until = Math.min(pass.now, order.terms.expiresAt ?? pass.now);
    const auctions = this.c.market.auctions(pass.instrument, order.working.since, until);
    const auction = auctions.find((a) => a.kind === kind);
    if (auction === undefined) return;
    const price = fillInAuction(order, auction);
    if (price !== undefined) this.book(order, { size: this.roomOf(order), price });
    if (isLive(order)) this.transitions.finishCancel(order, 'Expired');
  }

  /** Lets an order trade, rest, or end, by policy and time in force. */
  private serve(contender: Contender, pass: Pass): void {
    const { order } = contender;
    if (this.roomOf(order) === 0) return;
    const isMarketable =
      order.terms.legs === undefined
        ? this.trade(contender, pass)
        : tradeCombo(this, contender, this.c);
    if (!isLive(order)) return;
    this.transitions.submit(order);
    if (isMarketable && this.policy.mode === 'partial') {
      this.slicer.start(order, this.policy.slices);
    }
    this.keep(contender, pass, isMarketable);
  }

  /** What becomes of an order that did not fill, or not whole. */
  private keep({ order, wish }: Contender, pass: Pass, isMarketable: boolean): void {
    const { unfilled = 'work' } = tifOf(order.terms.tif) ?? {};
    const isTried = !isMarketable || this.policy.mode === 'market';
    if (unfilled !== 'work' && isTried) {
      this.transitions.endUnfilled(order, unfilled);
    } else if (isMarketable) {
      if (this.policy.mode === 'market') this.feed(pass.instrument.conId, order);
    } else if (wish.kind === 'limit' && order.terms.legs === undefined) {
      joinQueue(order, wish.price, pass.top, pass.now);
    }
  }

  private feed(conId: number, order: SimOrder): void {
    const key = `${conId} ${order.terms.action}`;
    const hungry = this.hungry.get(key);
    if (hungry === undefined) this.hungry.set(key, new Set([order]));
    else hungry.add(order);
  }

  /** Who waits for what a new order would take: nobody can get anything where nothing is left. */
  private rivalsOf({ terms }: SimOrder, { instrument, top }: Pass): Iterable<SimOrder> {
    const left = terms.action === 'BUY' ? top.askSize : top.bidSize;
    if (left === 0 && terms.legs === undefined) return [];
    return this.hungry.get(`${instrument.conId} ${terms.action}`) ?? [];
  }

  /** Trades what can be had of an order now; whether the market reaches its price at all. */
  private trade(contender: Contender, { instrument, top }: Pass): boolean {
    const { order } = contender;
    const price = tradePrice(contender, top);
    if (price === undefined) return false;
    const room = this.roomOf(order);
    if (this.policy.mode === 'immediate') this.book(order, { size: room, price });
    if (this.policy.mode === 'market') {
      const size = takeLiquidity(order, room, instrument, this.c.market);
      if (size > 0) this.book(order, { size, price });
    }
    return true;
  }
}
