/**
 * What IBKR's order types and times in force take: one row each, from which the checks of an intent, the
 * advertised schemas, the simulation, the rules, the bytes and docs/order-types.md are made. Sources: IBKR "Order
 * Types and Algos", TWS API "Basic Orders", reference note ibkr-protocol 2.5 and 3. Pure: no zod, no I/O.
 */

/** The prices that an order can carry, per unit of the instrument unless the name says percent. */
export const priceFields = [
  'limitPrice',
  'stopPrice',
  'trailingAmount',
  'trailingPercent',
  'limitOffset',
] as const;
export type PriceField = (typeof priceFields)[number];

/** `one-of`: exactly one of the fields of the type that say so. A field without a word must be absent. */
type Need = 'needed' | 'optional' | 'one-of';

/** Times in force that can be sent, and whether they need the moment at which the order ends. */
const tifTable = {
  DAY: { takesGoodTillDate: false, says: 'for the day' },
  GTC: { takesGoodTillDate: false, says: 'good till cancelled' },
  IOC: { takesGoodTillDate: false, says: 'immediate or cancel' },
  GTD: { takesGoodTillDate: true, says: 'good till' },
  FOK: { takesGoodTillDate: false, says: 'fill or kill' },
  OPG: { takesGoodTillDate: false, says: 'at the open' },
} as const satisfies Record<string, { takesGoodTillDate: boolean; says: string }>;
export type TimeInForce = keyof typeof tifTable;
export const timesInForce = Object.keys(tifTable) as [TimeInForce, ...TimeInForce[]];

export const sides = ['BUY', 'SELL'] as const;
export type Side = (typeof sides)[number];

type OrderTypeRow = {
  readonly prices: Partial<Readonly<Record<PriceField, Need>>>;
  /** Accepted times in force; the first is meant where none is given. */
  readonly tifs: readonly [TimeInForce, ...TimeInForce[]];
  /** Whether IBKR lets it work outside regular trading hours. */
  readonly outsideRth: boolean;
  /** The name on the wire where it is not our own: IBKR knows MOO and LOO as MKT and LMT with TIF OPG. */
  readonly wireType?: string;
  /** The auction that the type is for. TIF OPG makes an order of any type one for the opening. */
  readonly auction?: 'close';
};

const resting = ['DAY', 'GTC', 'GTD'] as const;
const immediate = ['DAY', 'GTC', 'IOC', 'GTD', 'FOK', 'OPG'] as const;

const orderTypeTable = {
  MKT: { prices: {}, tifs: immediate, outsideRth: false },
  LMT: { prices: { limitPrice: 'needed' }, tifs: immediate, outsideRth: true },
  STP: { prices: { stopPrice: 'needed' }, tifs: resting, outsideRth: true },
  'STP LMT': {
    prices: { stopPrice: 'needed', limitPrice: 'needed' },
    tifs: resting,
    outsideRth: true,
  },
  TRAIL: {
    prices: { stopPrice: 'optional', trailingAmount: 'one-of', trailingPercent: 'one-of' },
    tifs: resting,
    outsideRth: true,
  },
  'TRAIL LIMIT': {
    prices: {
      stopPrice: 'needed',
      trailingAmount: 'one-of',
      trailingPercent: 'one-of',
      limitOffset: 'needed',
    },
    tifs: resting,
    outsideRth: true,
  },
  MOC: { prices: {}, tifs: ['DAY'], outsideRth: false, auction: 'close' },
  LOC: { prices: { limitPrice: 'needed' }, tifs: ['DAY'], outsideRth: false, auction: 'close' },
  MOO: { prices: {}, tifs: ['OPG'], outsideRth: false, wireType: 'MKT' },
  LOO: { prices: { limitPrice: 'needed' }, tifs: ['OPG'], outsideRth: false, wireType: 'LMT' },
} as const satisfies Record<string, OrderTypeRow>;

/** Order types by IBKR's own names. */
export type OrderType = keyof typeof orderTypeTable;
export const orderTypes = Object.keys(orderTypeTable) as [OrderType, ...OrderType[]];

function rowOf(orderType: OrderType): OrderTypeRow {
  return orderTypeTable[orderType];
}

/** What an order of that type does with a price; null where it must not carry one. */
export function needOf(orderType: OrderType, field: PriceField): Need | null {
  return rowOf(orderType).prices[field] ?? null;
}

/** Accepted times in force; the first is meant where none is given. */
export function tifsOf(orderType: OrderType): OrderTypeRow['tifs'] {
  return rowOf(orderType).tifs;
}

/** Whether an order of that type and TIF may work outside regular hours. An auction is always inside. */
export function mayWorkOutsideRth(orderType: OrderType, tif: TimeInForce): boolean {
  return rowOf(orderType).outsideRth && tif !== 'OPG';
}

/** Whether a TIF needs the moment at which the order ends; the others must not have one. */
export function takesGoodTillDate(tif: TimeInForce): boolean {
  return tifTable[tif].takesGoodTillDate;
}

/** The words for a TIF in a sentence. */
export function tifWords(tif: TimeInForce): string {
  return tifTable[tif].says;
}

/** The order type in the bytes. */
export function wireTypeOf(orderType: OrderType): string {
  return rowOf(orderType).wireType ?? orderType;
}

/** Whether the stop of an order of that type follows the market. */
export function isTrailing(orderType: OrderType): boolean {
  return needOf(orderType, 'trailingAmount') !== null;
}

/** The auction in which an order trades, or null for one that trades continuously. */
export function auctionOf(order: {
  readonly orderType: OrderType;
  readonly tif: TimeInForce;
}): 'open' | 'close' | null {
  return order.tif === 'OPG' ? 'open' : (rowOf(order.orderType).auction ?? null);
}

/** The time in force that is meant. */
export function tifOf(order: {
  readonly orderType: OrderType;
  readonly tif?: TimeInForce | undefined;
}): TimeInForce {
  return order.tif ?? tifsOf(order.orderType)[0];
}

/** Whether a text is an order type; for what has not been parsed. */
export function isOrderType(text: unknown): text is OrderType {
  return (orderTypes as readonly unknown[]).includes(text);
}

/** Whether a text is a time in force; for what has not been parsed. */
export function isTimeInForce(text: unknown): text is TimeInForce {
  return (timesInForce as readonly unknown[]).includes(text);
}
