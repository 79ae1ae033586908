// Option computations: the greeks of an option's line, and the two calculators.
import { blackScholes, impliedVol } from '../market/black-scholes.ts';
import type { OptionInputs } from '../market/black-scholes.ts';
import type { Instrument } from '../market/instrument.ts';
import { instrumentByConId } from '../market/contract-book.ts';
import { MICROS } from '../market/money.ts';
import { optionInputs } from '../market/option-model.ts';
import type { SimMarket } from '../market/sim-market.ts';
import * as events from '../wire/market-events.ts';
import * as requests from '../wire/market-requests.ts';
import type { ValuesOf } from '../wire/field-table.ts';
import type { ContractQuery } from '../market/contract-book.ts';
import type { ClientSession } from './client-session.ts';
import { figure, oneInstrument, refuse } from './market-line.ts';
import { request } from './request.ts';

/** Tick types of bid, ask, last and model computation. */
const TYPES = {
  live: { bid: 10, ask: 11, last: 12, model: 13 },
  delayed: { bid: 80, ask: 81, last: 82, model: 83 },
};
/** Type of a calculator's answer. */
const CUSTOM = 53;

type Computation = ValuesOf<(typeof events.tickOptionComputation)['entries']> & {
  tickType: number;
};

/** Inputs of an option's model now, in units of currency. */
function inputs(market: SimMarket, i: Instrument): OptionInputs {
  const under = instrumentByConId(i.underConId ?? 0);
  const spot = (under === undefined ? undefined : market.top(under).last) ?? i.strike ?? MICROS;
  const o = optionInputs(i, spot, market.marketInstant(i));
  return { ...o, spot: o.spot / MICROS, strike: o.strike / MICROS };
}

/** A computation around one price; the implied volatility is left unset where there is none. */
function computed(tickType: number, o: OptionInputs, price: number): Computation {
  const vol = impliedVol(o, price);
  const undPrice = figure(o.spot);
  const base = { tickType, optPrice: figure(price), pvDividend: '0', undPrice };
  if (vol === undefined) return base;
  const { delta, gamma, vega, theta } = blackScholes({ ...o, vol });
  const greeks = { delta: figure(delta), gamma: figure(gamma), vega: figure(vega) };
  return { ...base, ...greeks, theta: figure(theta), impliedVol: figure(vol) };
}

/** The computations of an option's line now: bid, ask, last, model. */
export function computationTicks(
  market: SimMarket,
  i: Instrument,
  isDelayed: boolean,
): Computation[] {
  const types = TYPES[isDelayed ? 'delayed' : 'live'];
  const o = inputs(market, i);
  const top = market.top(i);
  const found: Computation[] = [];
  for (const side of ['bid', 'ask', 'last'] as const) {
    const price = top[side];
    if (price !== undefined) found.push(computed(types[side], o, price / MICROS));
  }
  found.push(computed(types.model, o, blackScholes(o).price));
  return found;
}

function option(
  session: ClientSession,
  v: ContractQuery & { reqId?: number | undefined },
): Instrument | undefined {
  const reqId = v.reqId ?? -1;
  const i = oneInstrument(session, reqId, v);
  if (i === undefined || i.secType === 'OPT') return i;
  refuse(session, reqId, 'Invalid contract: an option is needed');
  return undefined;
}

/** Requests to compute with options. */
export const optionRequests = [
  request(requests.reqCalcImpliedVolat, (session, v) => {
    const i = option(session, v);
    if (i === undefined) return;
    const o = { ...inputs(session.sim.market, i), spot: Number(v.underPrice ?? 0) };
    if (o.spot <= 0 || Number(v.optionPrice ?? 0) <= 0) {
      refuse(session, v.reqId ?? -1, 'Option price and underlying price must be positive');
      return;
    }
    const values = computed(CUSTOM, o, Number(v.optionPrice));
    session.send(events.tickOptionComputation, { ...values, reqId: v.reqId });
  }),
  request(requests.reqCalcOptionPrice, (session, v) => {
    const i = option(session, v);
    if (i === undefined) return;
    const [spot, vol] = [Number(v.underPrice ?? 0), Number(v.volatility ?? 0)];
    if (spot <= 0 || vol <= 0) {
      refuse(session, v.reqId ?? -1, 'Volatility and underlying price must be positive');
      return;
    }
    const o = { ...inputs(session.sim.market, i), spot, vol };
    const values = computed(CUSTOM, o, blackScholes(o).price);
    session.send(events.tickOptionComputation, {
      ...values,
      impliedVol: figure(vol),
      reqId: v.reqId,
    });
  }),
  // Both are answered at once, so there is never a running computation to cancel.
  request(requests.cancelCalcImpliedVolat, () => undefined),
  request(requests.cancelCalcOptionPrice, () => undefined),
];
