// The ticks of a market data line: everything at first, then only what changed.
import { formatMicros } from '../market/money.ts';
import * as events from '../wire/events.ts';
import type { Simulation } from '../simulation.ts';
import type { ClientSession } from './client-session.ts';
import type { MarketDataLine } from './subscriptions.ts';

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

/** Sends the ticks of a line that differ from what was sent before. */
export function sendTicks(session: ClientSession, reqId: number, line: MarketDataLine): void {
  const q = session.sim.quotes.quote(line.instrument);
  const kind = line.isDelayed ? 'delayed' : 'live';
  const changed = (type: number, text: string) => {
    if (line.sent.get(type) === text) return false;
    line.sent.set(type, text);
    return true;
  };
  const sizes = { bid: q.bidSize, ask: q.askSize, last: q.lastSize };
  for (const side of ['bid', 'ask', 'last'] as const) {
    const tickType = TYPES[kind][side];
    const price = formatMicros(q[side], 2);
    const size = String(sizes[side]);
    if (changed(tickType, `${price} ${size}`)) {
      session.send(events.tickPrice, { reqId, tickType, price, size });
      session.send(events.tickSize, { reqId, tickType: SIZES[kind][side], size });
    }
  }
  for (const name of ['high', 'low', 'close', 'open'] as const) {
    const tickType = TYPES[kind][name];
    const price = formatMicros(q[name], 2);
    if (changed(tickType, price)) session.send(events.tickPrice, { reqId, tickType, price });
  }
  const volume = String(q.volume);
  if (changed(TYPES[kind].volume, volume)) {
    session.send(events.tickSize, { reqId, tickType: TYPES[kind].volume, size: volume });
  }
  const seconds = String(Math.floor(session.sim.clock.now() / 1000));
  if (changed(TYPES[kind].time, seconds)) {
    session.send(events.tickString, { reqId, tickType: TYPES[kind].time, value: seconds });
  }
  const halted = q.halted ? '1' : '0';
  if (changed(HALTED_TICK, halted)) {
    session.send(events.tickGeneric, { reqId, tickType: HALTED_TICK, value: halted });
  }
}

/** One beat of the market: working orders first, then everyone's streams. */
export function beat(sim: Simulation): void {
  sim.desk.evaluateAll();
  if (!sim.desk.linkUp) return;
  for (const session of sim.sessions) {
    for (const [reqId, line] of session.subscriptions.marketData) sendTicks(session, reqId, line);
  }
}
