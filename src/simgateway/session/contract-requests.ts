// Contract details, symbol search, option chains, market rules, exchange lists.
import {
  derivativesOf,
  exchangeDay,
  findInstruments,
  instrumentByConId,
  OPTIONS,
  searchInstruments,
} from '../market/contract-book.ts';
import { MARKET_RULES } from '../market/market-rules.ts';
import { formatMicros } from '../market/money.ts';
import { formatDay } from '../market/new-york-time.ts';
import * as events from '../wire/market-contract-events.ts';
import * as requests from '../wire/market-requests.ts';
import { bondValues, detailsValues } from './contract-values.ts';
import { NOT_FOUND, refuse } from './market-line.ts';
import { request } from './request.ts';

/** Most contracts one answer lists; a whole option chain is asked for by expiry. */
const MOST_DETAILS = 20_000;
const KNOWN_TYPES = new Set('STK OPT FUT CASH CRYPTO BOND IND'.split(' '));
const UNLISTED_TYPES = new Set('CFD CMDTY FOP WAR FUND NEWS IOPT BAG CONTFUT EC'.split(' '));

const details = request(requests.reqContractDetails, (session, v) => {
  const reqId = v.reqId ?? -1;
  const now = session.sim.clock.now();
  if (v.secType !== undefined && !KNOWN_TYPES.has(v.secType) && !UNLISTED_TYPES.has(v.secType)) {
    refuse(session, reqId, 'Please enter a valid security type');
    return;
  }
  const found = findInstruments(v, now);
  if (found.length === 0 || found.length > MOST_DETAILS) {
    session.sendError(reqId, 200, NOT_FOUND);
    return;
  }
  for (const i of found) {
    if (i.secType === 'BOND') session.send(events.bondContractData, bondValues(reqId, i, now));
    else session.send(events.contractData, detailsValues(reqId, i, now));
  }
  session.send(events.contractDataEnd, { reqId });
});

const chain = request(requests.reqSecDefOptParams, (session, v) => {
  const reqId = v.reqId ?? -1;
  const under = instrumentByConId(v.conId ?? 0);
  if (under === undefined || (v.symbol !== undefined && under.symbol !== v.symbol)) {
    refuse(session, reqId, 'Invalid contract id');
    return;
  }
  const c = OPTIONS.classOf(under.conId);
  // Only options on stocks and indices exist here, and those are not on a futures exchange.
  if (c !== undefined && v.futFopExchange === undefined) {
    const days = OPTIONS.expiries(exchangeDay(session.sim.clock.now()));
    const strikes = new Set(days.flatMap((day) => OPTIONS.strikes(c, day)));
    const values = {
      reqId,
      underConId: under.conId,
      tradingClass: c.tradingClass,
      multiplier: '100',
      expirations: days.map((day) => ({ date: formatDay(day) })),
      strikes: [...strikes].sort((a, b) => a - b).map((s) => ({ strike: formatMicros(s, 1) })),
    };
    for (const exchange of c.exchanges)
      session.send(events.secDefOptParams, { ...values, exchange });
  }
  session.send(events.secDefOptParamsEnd, { reqId });
});

const rule = request(requests.reqMarketRule, (session, v) => {
  const bands = MARKET_RULES.get(v.ruleId ?? 0);
  if (bands === undefined) {
    session.sendError(-1, 321, `Error validating request.-'bV' : cause - unknown market rule id`);
    return;
  }
  const increments = bands.map(({ lowEdge, increment }) => ({
    lowEdge: formatMicros(lowEdge),
    increment: formatMicros(increment),
  }));
  session.send(events.marketRule, { ruleId: v.ruleId, increments });
});

/** Exchanges behind a BBO code, with the letter that exchange ticks use. */
const COMPONENTS = 'AMEX:A NYSE:N ARCA:P NASDAQ:Q BATS:Z IEX:V EDGEA:J CBOE:W'.split(' ');
/** Where depth of book can be asked for. */
const DEPTH_EXCHANGES = [
  ...['NASDAQ', 'NYSE', 'ARCA', 'BATS', 'IEX'].map((exchange) => ({ exchange, secType: 'STK' })),
  ...['CME', 'CBOT', 'NYMEX', 'COMEX'].map((exchange) => ({ exchange, secType: 'FUT' })),
  { exchange: 'IDEALPRO', secType: 'CASH' },
];

/** Requests about contracts. */
export const contractRequests = [
  details,
  chain,
  rule,
  request(requests.reqMatchingSymbols, (session, v) => {
    const samples = searchInstruments(v.pattern ?? '').map((i) => ({
      conId: i.conId,
      symbol: i.symbol,
      secType: i.secType,
      primaryExch: i.primaryExch === '' ? i.exchange : i.primaryExch,
      currency: i.currency,
      derivatives: derivativesOf(i).map((secType) => ({ secType })),
      description: i.longName,
    }));
    session.send(events.symbolSamples, { reqId: v.reqId, samples });
  }),
  request(requests.reqSmartComponents, (session, v) => {
    const components = COMPONENTS.map((text, bit) => {
      const [exchange = '', letter = ''] = text.split(':');
      return { bit, exchange, letter };
    });
    session.send(events.smartComponents, { reqId: v.reqId, components });
  }),
  request(requests.reqMktDepthExchanges, (session) => {
    const exchanges = DEPTH_EXCHANGES.map((e) => ({ ...e, serviceDataType: 'Deep' }));
    session.send(events.mktDepthExchanges, { exchanges });
  }),
];
