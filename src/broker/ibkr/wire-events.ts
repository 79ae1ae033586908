import type {
  CommissionReport,
  Contract,
  ContractDescription,
  ContractDetails,
  Execution,
  Order,
  OrderState,
  PriceIncrement,
} from '@stoqey/ib';

/** Order ids stay below, request ids start here: both share IBKR's one error namespace (reference note 1.4-D). */
export const FIRST_REQUEST_ID = 1_000_000_000;

type Num = number | undefined;

/** The library's events that we listen to, with the arguments its decoder really passes (it sends undefined for unset). */
export type IbEvents = {
  disconnected: [];
  info: [text: string, code: number];
  error: [error: Error, code: number, id: number];
  nextValidId: [orderId: number];
  managedAccounts: [csv: string];
  currentTime: [epochSeconds: number];
  openOrder: [orderId: number, contract: Contract, order: Order, state: OrderState];
  openOrderEnd: [];
  orderStatus: [
    orderId: number,
    status: string,
    filled: Num,
    remaining: Num,
    averagePrice: Num,
    permId: Num,
    parentId: Num,
    lastFillPrice: Num,
    clientId: Num,
  ];
  completedOrder: [contract: Contract, order: Order, state: OrderState];
  completedOrdersEnd: [];
  execDetails: [id: number, contract: Contract, execution: Execution];
  execDetailsEnd: [id: number];
  commissionReport: [report: CommissionReport];
  updateAccountValue: [key: string, value: string, currency: string, account: string];
  updatePortfolio: [
    contract: Contract,
    position: Num,
    marketPrice: Num,
    marketValue: Num,
    averageCost: Num,
    unrealizedPnl: Num,
    realizedPnl: Num,
    account: string,
  ];
  accountDownloadEnd: [account: string];
  pnl: [id: number, daily: Num, unrealized: Num, realized: Num];
  contractDetails: [id: number, details: ContractDetails];
  bondContractDetails: [id: number, details: ContractDetails];
  contractDetailsEnd: [id: number];
  securityDefinitionOptionParameter: [
    id: number,
    exchange: string,
    underlyingConId: number,
    tradingClass: string,
    multiplier: Num,
    expiries: string[],
    strikes: number[],
  ];
  securityDefinitionOptionParameterEnd: [id: number];
  symbolSamples: [id: number, samples: ContractDescription[]];
  marketRule: [ruleId: number, increments: PriceIncrement[]];
  tickPrice: [id: number, tickType: number, price: Num];
  tickSize: [id: number, tickType: number, size: Num];
  tickGeneric: [id: number, tickType: number, value: Num];
  tickOptionComputation: [
    id: number,
    tickType: number,
    attributes: Num,
    impliedVolatility: Num,
    delta: Num,
    optionPrice: Num,
    dividends: Num,
    gamma: Num,
    vega: Num,
    theta: Num,
    underlyingPrice: Num,
  ];
  tickSnapshotEnd: [id: number];
  marketDataType: [id: number, type: number];
  /** One bar each, and after the last one a row whose `date` begins with `finished` and whose numbers are -1. */
  historicalData: [
    id: number,
    date: string,
    open: Num,
    high: Num,
    low: Num,
    close: Num,
    volume: Num,
    trades: Num,
    average: Num,
    hasGaps: boolean | undefined,
  ];
};

/** What a session adds of its own. */
export type SessionEvents = {
  /** The session can be used: nextValidId and managedAccounts are there and the accounts are ours. */
  ready: [];
  /** The TCP session is gone and everything asked on it will stay unanswered. `reason` is our own text. */
  lost: [reason: string];
  /** 1101 (`dataLost`) or 1102 came after a 1100 or 2110. */
  restored: [dataLost: boolean];
};

type Listeners<Events extends Record<string, unknown[]>> = {
  readonly [Name in keyof Events]?: (...args: Events[Name]) => void;
};

export type IbListeners = Listeners<IbEvents & SessionEvents>;
export type IbEventName = keyof IbEvents;

const names: Readonly<Record<IbEventName, true>> = {
  disconnected: true,
  info: true,
  error: true,
  nextValidId: true,
  managedAccounts: true,
  currentTime: true,
  openOrder: true,
  openOrderEnd: true,
  orderStatus: true,
  completedOrder: true,
  completedOrdersEnd: true,
  execDetails: true,
  execDetailsEnd: true,
  commissionReport: true,
  updateAccountValue: true,
  updatePortfolio: true,
  accountDownloadEnd: true,
  pnl: true,
  contractDetails: true,
  bondContractDetails: true,
  contractDetailsEnd: true,
  securityDefinitionOptionParameter: true,
  securityDefinitionOptionParameterEnd: true,
  symbolSamples: true,
  marketRule: true,
  tickPrice: true,
  tickSize: true,
  tickGeneric: true,
  tickOptionComputation: true,
  tickSnapshotEnd: true,
  marketDataType: true,
  historicalData: true,
};

/** Every event name of the library that we pass on. */
export const ibEventNames = Object.keys(names) as readonly IbEventName[];
