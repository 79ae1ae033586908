// The conditions under which a message carries a block of fields, each with its words for the
// generated page. A condition sees the fields before it.
import type { Values } from './field-table.ts';

const when = (note: string, holds: (v: Values) => boolean) => ({ when: holds, note });
const isType =
  (...types: string[]) =>
  (v: Values) =>
    typeof v.orderType === 'string' && types.includes(v.orderType);
/** An empty text is sent like none at all, so it has to count as none. */
const isSet = (name: string) => (v: Values) => v[name] !== undefined && v[name] !== '';
const isPegBest = isType('PEG BEST', 'PEGBEST');
const isPegMid = isType('PEG MID', 'PEGMID');

export const ifBag = when('secType BAG', (v) => v.secType === 'BAG');
export const ifFund = when('secType FUND', (v) => v.secType === 'FUND');
/** Blocks of a single tick by its kind: 1 Last, 2 AllLast, 3 BidAsk, 4 MidPoint. */
export const ifTradeTick = when('kind 1 or 2', (v) => v.kind === 1 || v.kind === 2);
export const ifQuoteTick = when('kind 3', (v) => v.kind === 3);
export const ifMidpointTick = when('kind 4', (v) => v.kind === 4);
export const ifNoMidpointTick = when(
  'kind 1, 2 or 3',
  (v) => v.kind === 1 || v.kind === 2 || v.kind === 3,
);
export const ifPegBench = when('orderType PEG BENCH', isType('PEG BENCH', 'PEGBENCH'));
export const ifPegBest = when('orderType PEG BEST', isPegBest);
export const ifMidOffsets = when(
  'orderType PEG MID, or PEG BEST with an infinite competeOffset',
  (v) => isPegMid(v) || (isPegBest(v) && v.competeOffset === 'Infinity'),
);
export const ifIbkrAts = when('exchange IBKRATS', (v) => v.exchange === 'IBKRATS');
export const ifScale = when(
  'scalePriceIncrement above 0',
  (v) => Number(v.scalePriceIncrement ?? 0) > 0,
);
export const ifHedge = when('hedgeType set', isSet('hedgeType'));
export const ifAlgo = when('algoStrategy set', isSet('algoStrategy'));
export const ifDeltaNeutralOrder = when(
  'deltaNeutralOrderType set',
  isSet('deltaNeutralOrderType'),
);
export const ifDeltaNeutralContract = when(
  'hasDeltaNeutralContract is 1',
  (v) => v.hasDeltaNeutralContract === true,
);
export const ifConditions = when(
  'at least one condition',
  (v) => Array.isArray(v.conditions) && v.conditions.length > 0,
);
/** Condition tails by type: 1 price, 3 time, 4 margin, 5 execution, 6 volume, 7 percent change. */
export const ifConditionType = (...types: number[]) =>
  when(`type ${types.join(', ')}`, (v) => typeof v.type === 'number' && types.includes(v.type));
