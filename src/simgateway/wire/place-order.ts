// placeOrder as the client sends it: 114 fields at server version 178, 118 at 193, 119 at 199 for a
// plain stock order. Source: reference note §2.5.
import { bool, decimal, int, list, message, text } from './field-table.ts';
import type { Values } from './field-table.ts';
import { requestContract } from './contract-fields.ts';

const isBag = (v: Values) => v.secType === 'BAG';
const isPegBench = (v: Values) => v.orderType === 'PEG BENCH' || v.orderType === 'PEGBENCH';
const isPegBest = (v: Values) => v.orderType === 'PEG BEST' || v.orderType === 'PEGBEST';
const isPegMid = (v: Values) => v.orderType === 'PEG MID' || v.orderType === 'PEGMID';
const hasOffsets = (v: Values) => isPegMid(v) || (isPegBest(v) && v.competeOffset === 'Infinity');
const hasDeltaNeutralOrder = (v: Values) => v.deltaNeutralOrderType !== undefined;
const hasScale = (v: Values) => Number(v.scalePriceIncrement ?? 0) > 0;

const legs = list(
  'comboLegs',
  [
    int('conId'),
    int('ratio'),
    text('action'),
    text('exchange'),
    int('openClose'),
    int('shortSaleSlot'),
    text('designatedLocation'),
    int('exemptCode'),
  ],
  { when: isBag },
);

const main = [
  int('version', { until: 145 }),
  int('orderId'),
  ...requestContract,
  text('secIdType'),
  text('secId'),
  text('action'),
  decimal('totalQuantity'),
  text('orderType'),
  decimal('lmtPrice'),
  decimal('auxPrice'),
  text('tif'),
  text('ocaGroup'),
  text('account'),
  text('openClose'),
  int('origin'),
  text('orderRef'),
  bool('transmit'),
  int('parentId'),
  bool('blockOrder'),
  bool('sweepToFill'),
  int('displaySize'),
  int('triggerMethod'),
  bool('outsideRth'),
  bool('hidden'),
  legs,
  list('orderComboLegs', [decimal('price')], { when: isBag }),
  list('smartComboRouting', [text('tag'), text('value')], { when: isBag }),
  text('sharesAllocation'),
  decimal('discretionaryAmt'),
  text('goodAfterTime'),
  text('goodTillDate'),
  text('faGroup'),
  text('faMethod'),
  text('faPercentage'),
  text('faProfile', { until: 177 }),
  text('modelCode', { from: 103 }),
  int('shortSaleSlot'),
  text('designatedLocation'),
  int('exemptCode'),
  int('ocaType'),
  text('rule80A'),
  text('settlingFirm'),
  bool('allOrNone'),
  int('minQty'),
  decimal('percentOffset'),
  bool('eTradeOnly'),
  bool('firmQuoteOnly'),
  decimal('nbboPriceCap'),
  int('auctionStrategy'),
  decimal('startingPrice'),
  decimal('stockRefPrice'),
  decimal('delta'),
  decimal('stockRangeLower'),
  decimal('stockRangeUpper'),
  bool('overridePercentageConstraints'),
] as const;

const advanced = [
  decimal('volatility'),
  int('volatilityType'),
  text('deltaNeutralOrderType'),
  decimal('deltaNeutralAuxPrice'),
  int('deltaNeutralConId', { when: hasDeltaNeutralOrder }),
  text('deltaNeutralSettlingFirm', { when: hasDeltaNeutralOrder }),
  text('deltaNeutralClearingAccount', { when: hasDeltaNeutralOrder }),
  text('deltaNeutralClearingIntent', { when: hasDeltaNeutralOrder }),
  text('deltaNeutralOpenClose', { when: hasDeltaNeutralOrder }),
  bool('deltaNeutralShortSale', { when: hasDeltaNeutralOrder }),
  int('deltaNeutralShortSaleSlot', { when: hasDeltaNeutralOrder }),
  text('deltaNeutralDesignatedLocation', { when: hasDeltaNeutralOrder }),
  int('continuousUpdate'),
  int('referencePriceType'),
  decimal('trailStopPrice'),
  decimal('trailingPercent'),
  int('scaleInitLevelSize'),
  int('scaleSubsLevelSize'),
  decimal('scalePriceIncrement'),
  decimal('scalePriceAdjustValue', { when: hasScale }),
  int('scalePriceAdjustInterval', { when: hasScale }),
  decimal('scaleProfitOffset', { when: hasScale }),
  bool('scaleAutoReset', { when: hasScale }),
  int('scaleInitPosition', { when: hasScale }),
  int('scaleInitFillQty', { when: hasScale }),
  bool('scaleRandomPercent', { when: hasScale }),
  text('scaleTable'),
  text('activeStartTime'),
  text('activeStopTime'),
  text('hedgeType'),
  text('hedgeParam', { when: (v) => v.hedgeType !== undefined }),
  bool('optOutSmartRouting'),
  text('clearingAccount'),
  text('clearingIntent'),
  bool('notHeld'),
  bool('hasDeltaNeutralContract'),
  int('deltaNeutralContractConId', { when: (v) => v.hasDeltaNeutralContract === true }),
  decimal('deltaNeutralContractDelta', { when: (v) => v.hasDeltaNeutralContract === true }),
  decimal('deltaNeutralContractPrice', { when: (v) => v.hasDeltaNeutralContract === true }),
  text('algoStrategy'),
  list('algoParams', [text('tag'), text('value')], { when: (v) => v.algoStrategy !== undefined }),
  text('algoId'),
  bool('whatIf'),
  text('miscOptions'),
  bool('solicited'),
  bool('randomizeSize'),
  bool('randomizePrice'),
] as const;

/** Condition tails by type: 1 price, 3 time, 4 margin, 5 execution, 6 volume, 7 percent change. */
const conditionOf =
  (...types: number[]) =>
  (v: Values) =>
    typeof v.type === 'number' && types.includes(v.type);

/** One order condition, shared with openOrder. */
export const conditionRow = [
  int('type'),
  text('conjunction'),
  text('secType', { when: conditionOf(5) }),
  text('executionExchange', { when: conditionOf(5) }),
  text('symbol', { when: conditionOf(5) }),
  bool('isMore', { when: conditionOf(1, 3, 4, 6, 7) }),
  text('value', { when: conditionOf(1, 3, 4, 6, 7) }),
  int('conId', { when: conditionOf(1, 6, 7) }),
  text('exchange', { when: conditionOf(1, 6, 7) }),
  int('triggerMethod', { when: conditionOf(1) }),
] as const;

/** Whether the fields read so far hold at least one condition. */
export const hasConditions = (v: Values) => Array.isArray(v.conditions) && v.conditions.length > 0;

const peggedAndConditions = [
  int('referenceContractId', { from: 102, when: isPegBench }),
  bool('isPeggedChangeAmountDecrease', { from: 102, when: isPegBench }),
  decimal('peggedChangeAmount', { from: 102, when: isPegBench }),
  decimal('referenceChangeAmount', { from: 102, when: isPegBench }),
  text('referenceExchangeId', { from: 102, when: isPegBench }),
  list('conditions', conditionRow, { from: 102 }),
  bool('conditionsIgnoreRth', { from: 102, when: hasConditions }),
  bool('conditionsCancelOrder', { from: 102, when: hasConditions }),
  text('adjustedOrderType', { from: 102 }),
  decimal('triggerPrice', { from: 102 }),
  decimal('lmtPriceOffset', { from: 102 }),
  decimal('adjustedStopPrice', { from: 102 }),
  decimal('adjustedStopLimitPrice', { from: 102 }),
  decimal('adjustedTrailingAmount', { from: 102 }),
  int('adjustableTrailingUnit', { from: 102 }),
] as const;

const tail = [
  text('extOperator', { from: 105 }),
  text('softDollarTierName', { from: 106 }),
  text('softDollarTierValue', { from: 106 }),
  decimal('cashQty', { from: 111 }),
  text('mifid2DecisionMaker', { from: 138 }),
  text('mifid2DecisionAlgo', { from: 138 }),
  text('mifid2ExecutionTrader', { from: 139 }),
  text('mifid2ExecutionAlgo', { from: 139 }),
  bool('dontUseAutoPriceForHedge', { from: 141 }),
  bool('isOmsContainer', { from: 145 }),
  bool('discretionaryUpToLimitPrice', { from: 148 }),
  bool('usePriceMgmtAlgo', { from: 151 }),
  int('duration', { from: 158 }),
  int('postToAts', { from: 160 }),
  bool('autoCancelParent', { from: 162 }),
  text('advancedErrorOverride', { from: 166 }),
  text('manualOrderTime', { from: 169 }),
  int('minTradeQty', { from: 170, when: (v) => v.exchange === 'IBKRATS' }),
  int('minCompeteSize', { from: 170, when: isPegBest }),
  text('competeOffset', { from: 170, when: isPegBest }),
  decimal('midOffsetAtWhole', { from: 170, when: hasOffsets }),
  decimal('midOffsetAtHalf', { from: 170, when: hasOffsets }),
  text('customerAccount', { from: 183 }),
  bool('professionalCustomer', { from: 184 }),
  text('rfqText', { from: 187, until: 190 }),
  int('rfqFlag', { from: 187, until: 190 }),
  bool('includeOvernight', { from: 189 }),
  int('manualOrderIndicator', { from: 192 }),
  bool('imbalanceOnly', { from: 199 }),
] as const;

export const placeOrder = message('placeOrder', 3, [
  ...main,
  ...advanced,
  ...peggedAndConditions,
  ...tail,
]);
