// What the gateway sends about prices. Source: reference note §2.4; tick-by-tick, depth and histogram
// from IBKR's Java client.
import { bool, decimal, int, list, message, text } from './field-table.ts';
import { ifMidpointTick, ifNoMidpointTick, ifQuoteTick, ifTradeTick } from './when.ts';

const version = (value: number) => int('version', { unset: String(value) });

export const tickPrice = message('tickPrice', 1, [
  version(6),
  int('reqId'),
  int('tickType'),
  decimal('price'),
  decimal('size', { unset: '0' }),
  int('attribMask', { unset: '0' }),
]);
export const tickSize = message('tickSize', 2, [
  version(6),
  int('reqId'),
  int('tickType'),
  decimal('size'),
]);
export const tickGeneric = message('tickGeneric', 45, [
  version(6),
  int('reqId'),
  int('tickType'),
  decimal('value'),
]);
export const tickString = message('tickString', 46, [
  version(6),
  int('reqId'),
  int('tickType'),
  text('value'),
]);
export const tickSnapshotEnd = message('tickSnapshotEnd', 57, [version(1), int('reqId')]);
export const marketDataType = message('marketDataType', 58, [
  version(1),
  int('reqId'),
  int('type'),
]);
export const tickReqParams = message('tickReqParams', 81, [
  int('reqId'),
  decimal('minTick'),
  text('bboExchange'),
  int('snapshotPermissions'),
]);
export const tickOptionComputation = message('tickOptionComputation', 21, [
  int('version', { until: 156, unset: '6' }),
  int('reqId'),
  int('tickType'),
  int('tickAttrib', { from: 156, unset: '1' }),
  decimal('impliedVol', { unset: '-1' }),
  decimal('delta', { unset: '-2' }),
  decimal('optPrice', { unset: '-1' }),
  decimal('pvDividend', { unset: '-1' }),
  decimal('gamma', { unset: '-2' }),
  decimal('vega', { unset: '-2' }),
  decimal('theta', { unset: '-2' }),
  decimal('undPrice', { unset: '-1' }),
]);

export const historicalData = message('historicalData', 17, [
  int('version', { until: 124, unset: '3' }),
  int('reqId'),
  text('start', { until: 196 }),
  text('end', { until: 196 }),
  list('bars', [
    text('date'),
    decimal('open'),
    decimal('high'),
    decimal('low'),
    decimal('close'),
    decimal('volume'),
    decimal('wap'),
    text('hasGaps', { until: 124, unset: 'false' }),
    int('count'),
  ]),
]);
export const historicalDataEnd = message('historicalDataEnd', 108, [
  int('reqId'),
  text('start'),
  text('end'),
]);
export const historicalDataUpdate = message('historicalDataUpdate', 90, [
  int('reqId'),
  int('count'),
  text('date'),
  decimal('open'),
  decimal('close'),
  decimal('high'),
  decimal('low'),
  decimal('wap'),
  decimal('volume'),
]);
export const historicalSchedule = message('historicalSchedule', 106, [
  int('reqId'),
  text('start'),
  text('end'),
  text('timeZone'),
  list('sessions', [text('start'), text('end'), text('refDate')]),
]);
export const headTimestamp = message('headTimestamp', 88, [int('reqId'), text('timestamp')]);
export const histogramData = message('histogramData', 89, [
  int('reqId'),
  list('items', [decimal('price'), decimal('size')]),
]);
export const realTimeBar = message('realTimeBar', 50, [
  version(3),
  int('reqId'),
  int('time'),
  decimal('open'),
  decimal('high'),
  decimal('low'),
  decimal('close'),
  decimal('volume'),
  decimal('wap'),
  int('count'),
]);

export const historicalTicks = message('historicalTicks', 96, [
  int('reqId'),
  list('ticks', [int('time'), int('unused', { unset: '0' }), decimal('price'), decimal('size')]),
  bool('done'),
]);
export const historicalTicksBidAsk = message('historicalTicksBidAsk', 97, [
  int('reqId'),
  list('ticks', [
    int('time'),
    int('mask', { unset: '0' }),
    decimal('bid'),
    decimal('ask'),
    decimal('bidSize'),
    decimal('askSize'),
  ]),
  bool('done'),
]);
export const historicalTicksLast = message('historicalTicksLast', 98, [
  int('reqId'),
  list('ticks', [
    int('time'),
    int('mask', { unset: '0' }),
    decimal('price'),
    decimal('size'),
    text('exchange'),
    text('conditions'),
  ]),
  bool('done'),
]);

/** `kind` is 1 Last, 2 AllLast, 3 BidAsk, 4 MidPoint; the rest depends on it. */
export const tickByTick = message('tickByTick', 99, [
  int('reqId'),
  int('kind'),
  int('time'),
  decimal('price', ifTradeTick),
  decimal('size', ifTradeTick),
  decimal('bid', ifQuoteTick),
  decimal('ask', ifQuoteTick),
  decimal('bidSize', ifQuoteTick),
  decimal('askSize', ifQuoteTick),
  decimal('midPoint', ifMidpointTick),
  int('mask', { ...ifNoMidpointTick, unset: '0' }),
  text('exchange', ifTradeTick),
  text('conditions', ifTradeTick),
]);

export const marketDepth = message('marketDepth', 12, [
  version(1),
  int('reqId'),
  int('position'),
  int('operation'),
  int('side'),
  decimal('price'),
  decimal('size'),
]);
export const marketDepthL2 = message('marketDepthL2', 13, [
  version(1),
  int('reqId'),
  int('position'),
  text('marketMaker'),
  int('operation'),
  int('side'),
  decimal('price'),
  decimal('size'),
  bool('isSmartDepth', { from: 146 }),
]);
