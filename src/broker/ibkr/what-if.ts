import type { OrderState } from '@stoqey/ib';
import type { Contract } from '../../domain/instrument/contract.ts';
import type { OrderTerms } from '../../domain/order/intent.ts';
import type { WhatIf } from '../../domain/risk/facts.ts';
import { ask, type Asking } from './ask.ts';
import { fromWire } from './numbers.ts';
import { ibContract, ibOrder } from './ib-order.ts';
import { plainRecord } from './plain-text.ts';

/**
 * The broker's own estimate of an order. It goes out on the read session, whose order ids no real order uses, with
 * the what-if flag set; TWS answers with an openOrder that carries margins instead of placing anything.
 */
export type AskWhatIf = (terms: OrderTerms, contract: Contract) => Promise<WhatIf>;

export function createWhatIf(asking: Asking, deadlineMs: number): AskWhatIf {
  const { session } = asking;
  let lastId = 0;
  return async (terms, contract) => {
    const body = { ...ibOrder(terms), whatIf: true };
    const instrument = ibContract(contract);
    plainRecord(body);
    plainRecord({ ...instrument });
    const id = Math.max(session.nextValidId ?? 1, lastId + 1);
    lastId = id;
    return await ask<WhatIf>(asking, {
      what: 'what-if estimate',
      deadlineMs,
      id,
      send: (api) => api.placeOrder(id, instrument, body),
      listen: (reply) => ({
        openOrder: (orderId, _contract, order, state) => {
          if (orderId !== id || order.whatIf !== true) return;
          // The first answer may hold nothing but sentinels; the real one follows.
          if (hasMargins(state)) reply.resolve(whatIfOf(state));
        },
      }),
    });
  };
}

function hasMargins(state: OrderState): boolean {
  return fromWire(state.initMarginAfter) !== null || fromWire(state.maintMarginAfter) !== null;
}

function whatIfOf(state: OrderState): WhatIf {
  const currency = state.commissionCurrency ?? '';
  return {
    initialMarginBefore: fromWire(state.initMarginBefore),
    initialMarginAfter: fromWire(state.initMarginAfter),
    maintenanceMarginBefore: fromWire(state.maintMarginBefore),
    maintenanceMarginAfter: fromWire(state.maintMarginAfter),
    equityWithLoanAfter: fromWire(state.equityWithLoanAfter),
    commission: fromWire(state.commission),
    commissionCurrency: currency === '' ? null : currency,
    warning: state.warningText ?? '',
  };
}
