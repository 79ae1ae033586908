// What a placement fault may do to one placeOrder on its way in.
import type { OrderFields } from '../matching/order.ts';
import type { Handling } from '../matching/order-desk.ts';

/** Options some kinds read: error code and text, TCP reset, milliseconds of delay. */
export type FaultOptions = { code?: number; text?: string; reset?: boolean; delayMs?: number };

/** One placeOrder in the hands of a fault. */
export type Placement = {
  fields: OrderFields;
  /** How the desk will take the order; faults may change it before it does. */
  handling: Handling;
  /** Hands the order to the desk now. */
  place(): void;
  /** Stops every further byte to this client, keeping the connection. */
  mute(): void;
  /** Ends the connection: after what was sent, at once, or with a TCP reset. */
  close(how: 'flush' | 'now' | 'reset'): void;
  /** Stops this client's requests until the control port releases the barrier, then calls `proceed`. */
  hold(stage: 'before' | 'after', proceed: (action: ReleaseAction) => void): void;
  /** Holds back all bytes to this client; false lets them go. */
  cork(corked: boolean): void;
};
/** What becomes of a held placement. */
export type ReleaseAction = 'proceed' | 'swallow' | 'drop';

/** One kind of placement fault: a row of the table, so adding one is adding a row. */
export type PlacementFault = {
  kind: string;
  summary: string;
  /** True when the frame counts as never read: it is not journaled as received. */
  isUnread?: boolean;
  /** Handles the placement in place of the normal course. */
  apply(placement: Placement, options: FaultOptions): void;
};
