// Control of time and prices.
import { phaseAt } from '../market/calendar.ts';
import { findInstruments, instrumentByConId, instruments } from '../market/contract-book.ts';
import type { Instrument } from '../market/instrument.ts';
import { formatMicros, parseMicros } from '../market/money.ts';
import type { QuoteChange } from '../market/quote-book.ts';
import { beat } from '../session/market-stream.ts';
import type { Simulation } from '../simulation.ts';
import { ControlError, required, route } from './route.ts';

const clockState = (sim: Simulation) => {
  const now = sim.clock.now();
  return {
    now: new Date(now).toISOString(),
    running: sim.clock.isRunning(),
    phase: phaseAt(now),
  };
};

/** A path part that is a contract id, or a symbol that is not ambiguous. */
function instrumentOf(text: string | undefined): Instrument {
  const conId = Number(text);
  const byId = Number.isInteger(conId) ? instrumentByConId(conId) : undefined;
  const found = byId === undefined ? findInstruments({ symbol: text }) : [byId];
  const [first, second] = found;
  if (first === undefined) throw new ControlError(404, `no instrument '${text ?? ''}'`);
  if (second !== undefined) {
    const ids = found.map((i) => `${i.conId} ${i.currency}`).join(', ');
    throw new ControlError(409, `'${text ?? ''}' is ambiguous; use a contract id: ${ids}`);
  }
  return first;
}

function quoteState(sim: Simulation, i: Instrument) {
  const q = sim.quotes.quote(i);
  return {
    conId: i.conId,
    symbol: i.symbol,
    currency: i.currency,
    bid: formatMicros(q.bid, 2),
    ask: formatMicros(q.ask, 2),
    last: formatMicros(q.last, 2),
    close: formatMicros(q.close, 2),
    halted: q.halted,
  };
}

function price(name: string, text: string | undefined) {
  if (text === undefined) return undefined;
  const micros = parseMicros(text);
  if (micros === undefined || micros <= 0) {
    throw new ControlError(400, `field '${name}' must be a positive price`);
  }
  return micros;
}

/** Routes for clock and prices. */
export const marketRoutes = [
  route('GET', '/clock', {}, clockState),
  route('PUT', '/clock', { instant: 'text', running: 'bool' }, (sim, { instant, running }) => {
    const at = instant === undefined ? undefined : Date.parse(instant);
    if (Number.isNaN(at)) throw new ControlError(400, "field 'instant' must be an ISO instant");
    sim.clock.set({
      ...(at === undefined ? {} : { instant: at }),
      ...(running === undefined ? {} : { running }),
    });
    beat(sim);
    return clockState(sim);
  }),
  route('POST', '/clock/advance', { ms: 'int' }, (sim, { ms }) => {
    sim.clock.advance(required('ms', ms));
    beat(sim);
    return clockState(sim);
  }),
  route('GET', '/instruments', {}, () =>
    instruments().map(({ conId, symbol, currency, primaryExch, longName }) => ({
      conId,
      symbol,
      currency,
      primaryExch,
      longName,
    })),
  ),
  route('GET', '/quotes/:instrument', {}, (sim, _, { instrument }) =>
    quoteState(sim, instrumentOf(instrument)),
  ),
  route(
    'PUT',
    '/quotes/:instrument',
    { bid: 'decimal', ask: 'decimal', last: 'decimal', frozen: 'bool', halted: 'bool' },
    (sim, input, { instrument }) => {
      const i = instrumentOf(instrument);
      const change: QuoteChange = {};
      for (const side of ['bid', 'ask', 'last'] as const) {
        const micros = price(side, input[side]);
        if (micros !== undefined) change[side] = micros;
      }
      if (input.frozen !== undefined) change.frozen = input.frozen;
      if (input.halted !== undefined) change.halted = input.halted;
      sim.quotes.change(i, change);
      beat(sim);
      return quoteState(sim, i);
    },
  ),
  route('DELETE', '/quotes', {}, (sim) => {
    sim.quotes.reset();
    beat(sim);
    return {};
  }),
  route('PUT', '/market-data-access', { access: 'text' }, (sim, { access }) => {
    if (access !== 'live' && access !== 'delayed' && access !== 'none') {
      throw new ControlError(400, "field 'access' must be live, delayed or none");
    }
    sim.dataAccess = access;
    return { access };
  }),
];
