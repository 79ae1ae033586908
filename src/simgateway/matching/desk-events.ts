// What the order desk tells the outside, in the order the live gateway would send it. Receivers must
// read the order synchronously: it goes on changing.
import type { Execution, OrderFields, SimOrder } from './order.ts';
import type { WhatIf } from './what-if.ts';

/** One thing to tell: about an order, or to one client only. */
export type DeskEvent =
  | { type: 'openOrder'; order: SimOrder }
  | { type: 'orderStatus'; order: SimOrder }
  | { type: 'execution'; order: SimOrder; execution: Execution }
  | { type: 'commission'; order: SimOrder; execution: Execution }
  | { type: 'holdingsChanged'; account: string; conId: number }
  | { type: 'orderMessage'; order: SimOrder; code: number; text: string }
  | { type: 'refused'; clientId: number; orderId: number; code: number; text: string }
  | { type: 'whatIf'; clientId: number; orderId: number; fields: OrderFields; result: WhatIf };
