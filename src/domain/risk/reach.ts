import type { ConId } from '../ids.ts';
import type { SecType } from '../instrument/contract.ts';
import { fixed, Fixed, larger } from '../money/fixed.ts';
import type { Side } from '../order/order-type.ts';
import { isKnown, type GateFacts, type InstrumentFacts, type Missing } from './facts.ts';
import { isWorth, riskValue, type Worth } from './notional.ts';

/**
 * Everything that an account holds, has working or has reserved, by instrument, with what it can at worst become worth
 * in base currency: for the rules that add up exposures over instruments. Within one instrument long and short are two
 * ends of a range, of which the farther one counts; between instruments nothing is ever netted.
 */
export type Reaches = {
  readonly all: readonly Reach[];
  /** Sums that were asked for already. */
  readonly sums: Map<string, Worth>;
};

/** One instrument that is held, working or reserved. */
export type Reach = {
  readonly conId: ConId;
  /** Null where only a reservation names it and the broker's facts do not. */
  readonly secType: SecType | null;
  /** Empty = nobody names one. */
  readonly sector: string;
  /** Unsigned, in base currency. */
  readonly value: Worth;
};

type Inputs = Pick<
  GateFacts,
  | 'account'
  | 'portfolio'
  | 'workingOrders'
  | 'instruments'
  | 'exchangeRates'
  | 'correlations'
  | 'ledger'
>;

const zero = new Fixed(0, 0);
/** Decimals of the part of a reservation that is not live yet. */
const shareDecimals = 12;
const remembered = new WeakMap<
  object,
  { readonly of: Inputs; readonly reaches: Reaches | Missing }
>();

/** What can become of these facts; the same facts again (many orders are judged against one snapshot) give the same. */
export function reachesOf(facts: GateFacts): Reaches | Missing {
  const kept = remembered.get(facts.ledger);
  if (kept !== undefined && isSame(kept.of, facts)) return kept.reaches;
  const reaches = newReaches(facts);
  remembered.set(facts.ledger, { of: facts, reaches });
  return reaches;
}

function isSame(a: Inputs, b: Inputs): boolean {
  return (
    a.account === b.account &&
    a.portfolio === b.portfolio &&
    a.workingOrders === b.workingOrders &&
    a.instruments === b.instruments &&
    a.exchangeRates === b.exchangeRates &&
    a.correlations === b.correlations
  );
}

/**
 * The value of all reaches that `counts` names, or the first of them whose value is not known. `key` stands for
 * `counts`: for the same facts the same key must mean the same entries.
 */
export function sumOf(reaches: Reaches, key: string, counts: (entry: Reach) => boolean): Worth {
  const kept = reaches.sums.get(key);
  if (kept !== undefined) return kept;
  const sum = added(reaches.all.filter(counts));
  reaches.sums.set(key, sum);
  return sum;
}

function added(entries: readonly Reach[]): Worth {
  let total = zero;
  for (const { value } of entries) {
    if (!isWorth(value)) return value;
    total = total.plus(value);
  }
  return total;
}

/** What of an instrument is there: signed units held, unsigned units working, unsigned base currency reserved. */
type Stock = {
  held: Fixed;
  working: Record<Side, Fixed>;
  reserved: Record<Side, Fixed>;
  sector: string;
  isAtBroker: boolean;
};

function newReaches(facts: GateFacts): Reaches | Missing {
  const { portfolio, workingOrders, instruments } = facts;
  if (!isKnown(portfolio)) return { missing: `portfolio: ${portfolio.missing}` };
  if (!isKnown(workingOrders)) return { missing: `workingOrders: ${workingOrders.missing}` };
  if (!isKnown(instruments)) return { missing: `instruments: ${instruments.missing}` };
  const rows = new Map(instruments.value.map((row) => [row.conId, row]));
  const entries: Reach[] = [];
  for (const [conId, stock] of stocksOf(facts)) {
    const row = rows.get(conId);
    if (row === undefined && stock.isAtBroker) {
      return { missing: `instruments: nothing is known of contract ${conId}` };
    }
    entries.push({
      conId,
      secType: row?.secType ?? null,
      sector: row?.sector ?? stock.sector,
      value: reachOf(stock, row, facts),
    });
  }
  return { all: entries, sums: new Map() };
}

function stocksOf(facts: GateFacts): ReadonlyMap<ConId, Stock> {
  const { account, portfolio, workingOrders, ledger } = facts;
  const stocks = new Map<ConId, Stock>();
  const stockOf = (conId: ConId): Stock => {
    const found = stocks.get(conId) ?? emptyStock();
    stocks.set(conId, found);
    return found;
  };
  for (const { conId, quantity } of isKnown(portfolio) ? portfolio.value.positions : []) {
    const stock = stockOf(conId);
    stock.held = stock.held.plus(fixed(quantity));
    stock.isAtBroker = true;
  }
  const live = isKnown(workingOrders)
    ? workingOrders.value.filter((order) => order.account === account)
    : [];
  for (const { conId, side, remaining } of live) {
    const stock = stockOf(conId);
    stock.working[side] = stock.working[side].plus(fixed(remaining));
    stock.isAtBroker = true;
  }
  for (const { intentId, conId, side, quantity, notional, sector } of ledger.value.reservations) {
    const shown = live.find(
      (order) => order.orderRef === intentId && order.conId === conId && order.side === side,
    );
    const rest = shown === undefined ? null : fixed(quantity).minus(fixed(shown.quantity));
    // What is live counts as such; of its reservation only what goes beyond that.
    if (rest !== null && !rest.isPositive()) continue;
    const whole = fixed(notional);
    const part =
      rest === null ? whole : whole.times(rest).dividedBy(fixed(quantity), shareDecimals, 'up');
    const stock = stockOf(conId);
    stock.reserved[side] = stock.reserved[side].plus(part);
    if (sector !== '') stock.sector = sector;
  }
  return stocks;
}

function emptyStock(): Stock {
  return {
    held: zero,
    working: { BUY: zero, SELL: zero },
    reserved: { BUY: zero, SELL: zero },
    sector: '',
    isAtBroker: false,
  };
}

/** The farther end of what can become of it, whichever of its orders fill. */
function reachOf(
  { held, working, reserved }: Stock,
  row: InstrumentFacts | undefined,
  facts: GateFacts,
): Worth {
  if (row === undefined) return larger(reserved.BUY, reserved.SELL);
  const highest = riskValue(row, held.plus(working.BUY), facts);
  const lowest = riskValue(row, held.minus(working.SELL), facts);
  if (!isWorth(highest)) return highest;
  if (!isWorth(lowest)) return lowest;
  return larger(highest.plus(reserved.BUY).abs(), lowest.minus(reserved.SELL).abs());
}
