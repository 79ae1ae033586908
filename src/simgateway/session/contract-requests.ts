// Contract details, symbol search, market rules.
import { hoursText } from '../market/calendar.ts';
import { findInstruments, searchInstruments } from '../market/contract-book.ts';
import type { Instrument } from '../market/instrument.ts';
import { MARKET_RULES, tickAt } from '../market/market-rules.ts';
import { formatMicros } from '../market/money.ts';
import { dayOf, ZONE } from '../market/new-york-time.ts';
import * as events from '../wire/events.ts';
import type { ValuesOf } from '../wire/field-table.ts';
import * as requests from '../wire/requests.ts';
import { contractValues } from './report-values.ts';
import { request } from './request.ts';

/** Days of trading hours that contract details list, today included. */
const HOURS_DAYS = 6;
const ORDER_TYPES = 'ACTIVETIM,DAY,GTC,GTD,IOC,FOK,LMT,MKT,OUTSIDERTH,STP,STPLMT,WHATIF';
/** Text of error 200 for a contract that does not exist. */
export const NOT_FOUND = 'No security definition has been found for the request';

function detailsValues(
  reqId: number,
  i: Instrument,
  now: number,
): ValuesOf<(typeof events.contractData)['entries']> {
  const rule = String(i.marketRuleId);
  const today = dayOf(now);
  return {
    ...contractValues(i),
    reqId,
    marketName: i.tradingClass,
    minTick: formatMicros(tickAt(i, i.basePrice)),
    orderTypes: ORDER_TYPES,
    validExchanges: i.validExchanges.join(','),
    longName: i.longName,
    primaryExch: i.primaryExch,
    industry: i.industry,
    category: i.category,
    subcategory: i.category,
    timeZoneId: ZONE,
    tradingHours: hoursText(today, HOURS_DAYS, 'trading'),
    liquidHours: hoursText(today, HOURS_DAYS, 'liquid'),
    marketRuleIds: i.validExchanges.map(() => rule).join(','),
    stockType: i.stockType,
  };
}

const details = request(requests.reqContractDetails, (session, v) => {
  const reqId = v.reqId ?? -1;
  const isStock = v.secType === undefined || v.secType === 'STK';
  const found = isStock ? findInstruments(v) : [];
  if (found.length === 0) {
    session.sendError(reqId, 200, NOT_FOUND);
    return;
  }
  const now = session.sim.clock.now();
  for (const i of found) session.send(events.contractData, detailsValues(reqId, i, now));
  session.send(events.contractDataEnd, { reqId });
});

/** Requests about contracts. */
export const contractRequests = [
  details,
  request(requests.reqMatchingSymbols, (session, v) => {
    const samples = searchInstruments(v.pattern ?? '').map((i) => ({
      ...contractValues(i),
      primaryExch: i.primaryExch,
      description: i.longName,
    }));
    session.send(events.symbolSamples, { reqId: v.reqId, samples });
  }),
  request(requests.reqMarketRule, (session, v) => {
    const rule = MARKET_RULES.get(v.ruleId ?? 0);
    if (rule === undefined) {
      session.sendError(-1, 321, `Error validating request.-'bV' : cause - unknown market rule id`);
      return;
    }
    const increments = rule.map(({ lowEdge, increment }) => ({
      lowEdge: formatMicros(lowEdge),
      increment: formatMicros(increment),
    }));
    session.send(events.marketRule, { ruleId: v.ruleId, increments });
  }),
];
