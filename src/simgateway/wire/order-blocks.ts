// The field blocks that openOrder and completedOrder share, in the order the live gateway sends them.
import { bool, decimal, int, list, text } from './field-table.ts';
import { conditionRow } from './place-order.ts';
import {
  ifAlgo,
  ifConditions,
  ifDeltaNeutralContract,
  ifHedge,
  ifPegBench,
  ifScale,
} from './when.ts';

export const DOUBLE_MAX = { unset: '1.7976931348623157E308' };
export const INT_MAX = { unset: '2147483647' };
export const ZERO = { unset: '0' };

export const terms = [
  text('action'),
  decimal('totalQuantity'),
  text('orderType'),
  decimal('lmtPrice', { unset: '0.0' }),
  decimal('auxPrice', { unset: '0.0' }),
  text('tif'),
  text('ocaGroup'),
  text('account'),
  text('openClose'),
  int('origin', ZERO),
  text('orderRef'),
] as const;
export const financialAdvisor = [
  text('faGroup'),
  text('faMethod'),
  text('faPercentage'),
  text('faProfile', { until: 177 }),
  text('modelCode', { from: 103 }),
] as const;
export const shortSale = [
  int('shortSaleSlot', ZERO),
  text('designatedLocation'),
  int('exemptCode', { unset: '-1' }),
] as const;
export const box = [
  decimal('startingPrice'),
  decimal('stockRefPrice'),
  decimal('delta'),
  decimal('stockRangeLower'),
  decimal('stockRangeUpper'),
] as const;
export const combo = [
  text('comboLegsDescrip'),
  list('comboLegs', [
    int('conId'),
    int('ratio', { unset: '1' }),
    text('action'),
    text('exchange'),
    int('openClose', ZERO),
    int('shortSaleSlot', ZERO),
    text('designatedLocation'),
    int('exemptCode', { unset: '-1' }),
  ]),
  list('orderComboLegs', [decimal('price')]),
  list('smartComboRouting', [text('tag'), text('value')]),
] as const;
export const scale = [
  int('scaleInitLevelSize', INT_MAX),
  int('scaleSubsLevelSize', INT_MAX),
  decimal('scalePriceIncrement', DOUBLE_MAX),
  decimal('scalePriceAdjustValue', ifScale),
  int('scalePriceAdjustInterval', ifScale),
  decimal('scaleProfitOffset', ifScale),
  bool('scaleAutoReset', ifScale),
  int('scaleInitPosition', ifScale),
  int('scaleInitFillQty', ifScale),
  bool('scaleRandomPercent', ifScale),
] as const;
export const hedge = [text('hedgeType'), text('hedgeParam', ifHedge)] as const;
export const clearing = [text('clearingAccount'), text('clearingIntent', { unset: 'IB' })] as const;
export const algo = [
  bool('hasDeltaNeutralContract', ZERO),
  int('deltaNeutralContractConId', ifDeltaNeutralContract),
  decimal('deltaNeutralContractDelta', ifDeltaNeutralContract),
  decimal('deltaNeutralContractPrice', ifDeltaNeutralContract),
  text('algoStrategy'),
  list('algoParams', [text('tag'), text('value')], ifAlgo),
  bool('solicited', ZERO),
] as const;
export const randomizeAndConditions = [
  bool('randomizeSize', ZERO),
  bool('randomizePrice', ZERO),
  int('referenceContractId', { from: 102, ...ifPegBench, unset: '0' }),
  bool('isPeggedChangeAmountDecrease', { from: 102, ...ifPegBench, unset: '0' }),
  decimal('peggedChangeAmount', { from: 102, ...ifPegBench, unset: '0' }),
  decimal('referenceChangeAmount', { from: 102, ...ifPegBench, unset: '0' }),
  text('referenceExchangeId', { from: 102, ...ifPegBench }),
  list('conditions', conditionRow, { from: 102 }),
  bool('conditionsIgnoreRth', { from: 102, ...ifConditions, unset: '0' }),
  bool('conditionsCancelOrder', { from: 102, ...ifConditions, unset: '0' }),
] as const;
export const peg = [
  int('minTradeQty', { from: 170, ...INT_MAX }),
  int('minCompeteSize', { from: 170, ...INT_MAX }),
  decimal('competeOffset', { from: 170, ...DOUBLE_MAX }),
  decimal('midOffsetAtWhole', { from: 170, ...DOUBLE_MAX }),
  decimal('midOffsetAtHalf', { from: 170, ...DOUBLE_MAX }),
  text('customerAccount', { from: 183 }),
  bool('professionalCustomer', { from: 184, unset: '0' }),
] as const;
