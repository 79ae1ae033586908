// The ticks of a market data line: everything at first, then only what changed.
import * as events from '../wire/market-events.ts';
import type { Simulation } from '../simulation.ts';
import type { ClientSession } from './client-session.ts';
import { ticksOf } from './generic-ticks.ts';
import { priceText, sizeText } from './market-line.ts';
import type { MarketDataLine } from './market-line.ts';
import { computationTicks } from './market-options.ts';

/** Price ticks carry their size; delayed data uses type numbers of its own. */
const TYPES = {
  live: { bid: 1, ask: 2, last: 4, high: 6, low: 7, close: 9, open: 14, volume: 8, time: 45 },
  delayed: {
    bid: 66,
    ask: 67,
    last: 68,
    high: 72,
    low: 73,
    close: 75,
    open: 76,
    volume: 74,
    time: 88,
  },
};
/** Size ticks that follow their price tick, for clients that do not derive them. */
const SIZES = {
  live: { bid: 0, ask: 3, last: 5 },
  delayed: { bid: 69, ask: 70, last: 71 },
};
const HALTED_TICK = 49;
/** What a side without a quote shows. */
const NO_PRICE = '-1';
/** Bit of the attribute mask of a quote outside the regular hours. */
const PRE_OPEN = 4;

/** Sends the ticks of a line that differ from what was sent before. */
export function sendTicks(session: ClientSession, reqId: number, line: MarketDataLine): void {
  const changed: Changed = (type, text) => {
    if (line.sent.get(type) === text) return false;
    line.sent.set(type, text);
    return true;
  };
  if (!line.isBasicOff) sendBasic(session, reqId, line, changed);
  sendGeneric(session, reqId, line, changed);
}

type Changed = (type: number, text: string) => boolean;

function sendBasic(
  session: ClientSession,
  reqId: number,
  line: MarketDataLine,
  changed: Changed,
): void {
  const { market, clock } = session.sim;
  const { instrument: i } = line;
  const top = market.top(i);
  const day = market.statistics(i);
  const kind = line.isDelayed ? 'delayed' : 'live';
  const sizes = { bid: top.bidSize, ask: top.askSize, last: top.lastSize };
  const attribMask = market.phase(i, clock.now()) === 'pre' ? PRE_OPEN : 0;
  for (const side of ['bid', 'ask', 'last'] as const) {
    if (i.secType === 'IND' && side !== 'last') continue;
    const tickType = TYPES[kind][side];
    const quoted = top[side];
    const price = quoted === undefined ? NO_PRICE : priceText(quoted);
    const size = sizeText(sizes[side]);
    if (changed(tickType, `${price} ${size}`)) {
      session.send(events.tickPrice, { reqId, tickType, price, size, attribMask });
      session.send(events.tickSize, { reqId, tickType: SIZES[kind][side], size });
    }
  }
  for (const name of ['high', 'low', 'close', 'open'] as const) {
    const tickType = TYPES[kind][name];
    const price = priceText(day[name]);
    if (changed(tickType, price)) session.send(events.tickPrice, { reqId, tickType, price });
  }
  const size = sizeText(day.volume);
  const volumeType = TYPES[kind].volume;
  if (changed(volumeType, size))
    session.send(events.tickSize, { reqId, tickType: volumeType, size });
  const value = String(Math.floor(market.lastTradeTime(i) / 1000));
  const timeType = TYPES[kind].time;
  if (changed(timeType, value))
    session.send(events.tickString, { reqId, tickType: timeType, value });
  const halted = top.halted ? '1' : '0';
  if (changed(HALTED_TICK, halted)) {
    session.send(events.tickGeneric, { reqId, tickType: HALTED_TICK, value: halted });
  }
}

function sendGeneric(
  session: ClientSession,
  reqId: number,
  line: MarketDataLine,
  changed: Changed,
): void {
  const { market } = session.sim;
  for (const id of line.generic) {
    for (const { kind, type, value } of ticksOf(id, market, line.instrument)) {
      if (!changed(type, value)) continue;
      const tickType = type;
      if (kind === 'price') session.send(events.tickPrice, { reqId, tickType, price: value });
      else if (kind === 'size') session.send(events.tickSize, { reqId, tickType, size: value });
      else if (kind === 'generic') session.send(events.tickGeneric, { reqId, tickType, value });
      else session.send(events.tickString, { reqId, tickType, value });
    }
  }
  if (line.instrument.secType !== 'OPT') return;
  for (const values of computationTicks(market, line.instrument, line.isDelayed)) {
    const text = `${values.impliedVol ?? ''} ${values.optPrice ?? ''} ${values.undPrice ?? ''}`;
    if (changed(values.tickType, text)) {
      session.send(events.tickOptionComputation, { ...values, reqId });
    }
  }
}

/** One beat of the market: working orders first, then everyone's streams. */
export function beat(sim: Simulation): void {
  sim.desk.evaluateAll();
  if (!sim.desk.linkUp || sim.dataAccess === 'competing') return;
  for (const session of sim.sessions) {
    const { marketData, feeds } = session.subscriptions;
    for (const [reqId, line] of marketData) sendTicks(session, reqId, line);
    for (const feed of feeds.values()) feed.pulse();
  }
}
