// What a fault is: what it strikes, and what it does to it. A kind is a row of one of two tables:
// inbound-faults.ts for requests on their way in, outbound-faults.ts for messages on their way out.
import type { DeskEvent } from '../matching/desk-events.ts';
import type { Execution, SimOrder } from '../matching/order.ts';
import type { Handling } from '../matching/order-desk.ts';
import type { Values } from '../wire/field-table.ts';
import type { Outgoing } from './outgoing.ts';

/** What a request is to a fault: a placeOrder of three sorts, a cancelOrder, startApi, or any other. */
export const REQUEST_SORTS = ['new', 'modify', 'what-if', 'cancel', 'start', 'other'] as const;
export type RequestSort = (typeof REQUEST_SORTS)[number];

/** What a fault of some kinds can be told; which kinds read what is in their rows. */
export type FaultOptions = {
  code?: number;
  text?: string;
  /** End the connection with a TCP reset instead of a normal close. */
  reset?: boolean;
  delayMs?: number;
  /** Up to so many milliseconds more, drawn from the seed. */
  jitterMs?: number;
  account?: string;
  /** Whole shares. */
  shares?: number;
  price?: string;
  bytes?: number;
};
export type FaultOption = keyof FaultOptions;

/** What becomes of a held request. */
export type ReleaseAction = 'proceed' | 'swallow' | 'drop';

/** One request in the hands of a fault. */
export type Incoming = {
  fields: Values;
  /** How the desk will take an order; faults may change it before `proceed`. */
  handling: Handling;
  /** Does what the request asks for, now. */
  proceed(): void;
  /** Stops every further byte to this client, keeping the connection. */
  mute(): void;
  /** Ends the connection: after what was sent, at once, or with a TCP reset. */
  close(how: 'flush' | 'now' | 'reset'): void;
  /** Neither reads nor writes from now on, though the connection stays: half-open. */
  pause(): void;
  /** Stops this client's requests until the control port releases the barrier, then calls `then`. */
  hold(stage: 'before' | 'after', then: (action: ReleaseAction) => void): void;
  /** Holds back all bytes to this client; false lets them go. */
  cork(corked: boolean): void;
  /** Answers with an error about this request. */
  refuse(code: number, text: string): void;
  /** Delays (milliseconds) and cuts (bytes per write, 0 for whole) everything to this connection. */
  slow(by: { delayMs?: number; jitterMs?: number; bytes?: number }): void;
  /** Runs `action` after exchange time has passed. */
  after(delayMs: number, action: () => void): void;
  /** The order the request names, once it exists. */
  order(): SimOrder | undefined;
  /** Tells about every desk event of the order the request names, until `see` returns true. */
  watch(see: (event: DeskEvent, order: SimOrder) => boolean): void;
  /** Fills whole shares by hand, all that are left when undefined. */
  fill(order: SimOrder, shares?: number): void;
  /** Corrects the price of an execution, a cent up when undefined. */
  correct(execution: Execution, price?: string): void;
  /** Refuses an order that was accepted before: Inactive, and an error message. */
  reject(order: SimOrder, code: number, text: string): void;
};

type FaultText = {
  kind: string;
  /** One sentence for the product page and `GET /fault-kinds`. */
  summary: string;
  /** The options it reads besides those that every kind has. */
  reads?: readonly FaultOption[];
};
/** One kind of fault of requests. */
export type InboundFault = FaultText & {
  /** What it strikes unless the arming says `on` or `message`. */
  strikes: readonly RequestSort[];
  /** What it can strike at all; anything when absent. */
  only?: readonly RequestSort[];
  /** True when the frame counts as never read: it is not journaled as received. */
  isUnread?: boolean;
  /** Handles the request in place of the normal course. */
  apply(incoming: Incoming, options: FaultOptions): void;
};

/** What an outbound fault may do besides changing the message. */
export type OutboundTools = {
  /** Sends messages after exchange time has passed; others overtake them. */
  later(delayMs: number, messages: Outgoing[]): void;
  /**
   * Keeps messages back: `first`, and each later one that `catches` names, until one has passed for
   * which `opens` is true, or until `atMostMs` of exchange time have passed.
   */
  keepBack(gate: {
    first: Outgoing;
    catches: (message: Outgoing) => boolean;
    opens: (message: Outgoing) => boolean;
    atMostMs: number;
  }): void;
  /** A whole number from 0 to below `limit`, drawn from the seed. */
  draw(limit: number): number;
};
/** One kind of fault of messages. */
export type OutboundFault = FaultText & {
  /** Message names it strikes unless the arming names one; none: the arming must. */
  messages: readonly string[];
  /** Narrows down which of these messages it strikes. */
  strikesOnly?(values: Values, options: FaultOptions): boolean;
  /** What leaves in place of the message, in order. */
  apply(message: Outgoing, options: FaultOptions, tools: OutboundTools): Outgoing[];
};
