// Control of prices and of what the market does.
import { instruments } from '../market/contract-book.ts';
import type { Instrument } from '../market/instrument.ts';
import type { QuoteChange } from '../market/interventions.ts';
import { formatMicros, parseMicros } from '../market/money.ts';
import type { Micros } from '../market/money.ts';
import { tellCompeting } from '../session/market-line.ts';
import { beat } from '../session/market-stream.ts';
import type { Simulation } from '../simulation.ts';
import { bool, ControlError, decimal, oneOf, required } from './field.ts';
import { instrumentOf } from './instrument-of.ts';
import { route } from './route.ts';

const priceText = (price: Micros | undefined) =>
  price === undefined ? undefined : formatMicros(price, 2);

function quoteState(sim: Simulation, i: Instrument) {
  const { bid, ask, last, halted } = sim.market.top(i);
  return {
    conId: i.conId,
    symbol: i.symbol,
    currency: i.currency,
    bid: priceText(bid),
    ask: priceText(ask),
    last: priceText(last),
    close: priceText(sim.market.statistics(i).close),
    halted,
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

/** Routes for prices. */
export const marketRoutes = {
  instruments: route('GET', '/instruments', 'All instruments', {}, () =>
    instruments().map(({ conId, symbol, secType, currency, primaryExch, longName }) => ({
      conId,
      symbol,
      secType,
      currency,
      primaryExch,
      longName,
    })),
  ),
  quote: route('GET', '/quotes/:instrument', 'The quote now', {}, (sim, { instrument }) =>
    quoteState(sim, instrumentOf(instrument)),
  ),
  setQuote: route(
    'PUT',
    '/quotes/:instrument',
    'Sets prices (they then stand still), freezes, releases, halts',
    {
      bid: decimal('price'),
      ask: decimal('price'),
      last: decimal('price; prints a trade'),
      frozen: bool('true keeps the prices of now, false lets them follow their path again'),
      halted: bool('true halts trading, false resumes it'),
    },
    (sim, input) => {
      const i = instrumentOf(input.instrument);
      const change: QuoteChange = {};
      for (const side of ['bid', 'ask', 'last'] as const) {
        const micros = price(side, input[side]);
        if (micros !== undefined) change[side] = micros;
      }
      if (input.frozen !== undefined) change.frozen = input.frozen;
      if (input.halted !== undefined) change.halted = input.halted;
      sim.market.change(i, change);
      beat(sim);
      return quoteState(sim, i);
    },
  ),
  resetQuotes: route('DELETE', '/quotes', 'Lets every price follow its path again', {}, (sim) => {
    sim.market.reset();
    beat(sim);
    return {};
  }),
  setMarketDataAccess: route(
    'PUT',
    '/market-data-access',
    'What market data the user may see',
    {
      access: required(
        oneOf(
          '`live`, `delayed` (10167, 354), `none` (354, 10168) or `competing`: another live session ' +
            'has the data (10197), and open lines are silent until it is `live` again',
          ['live', 'delayed', 'none', 'competing'],
        ),
      ),
    },
    (sim, { access }) => {
      sim.dataAccess = access;
      if (access === 'competing') tellCompeting(sim);
      return { access };
    },
  ),
};
