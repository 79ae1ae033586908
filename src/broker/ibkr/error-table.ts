import type { ErrorTreatment } from '../port.ts';

/**
 * What IBKR's codes mean for the order they name, in one table: adding a code is one row. The same code can mean
 * two things, so each row has both: for an order that is being placed, and for a change (modify or cancel) of an
 * order that lives. Source: reference note ibkr-protocol 3.5; TWS API "Error codes".
 */
type Row = readonly [
  code: number,
  newOrder: ErrorTreatment,
  change: ErrorTreatment,
  meaning: string,
];

// prettier-ignore
const rows: readonly Row[] = [
  [100,   'reconcile',   'reconcile',   'more than 50 messages a second: our pacing is wrong'],
  [101,   'information', 'information', 'no market data line is free'],
  [103,   'reconcile',   'reconcile',   'the order id was used before: find out who owns it'],
  [104,   'reconcile',   'unchanged',   'the order is filled and cannot be modified'],
  [105,   'reconcile',   'unchanged',   'the modification does not fit the order'],
  [106,   'rejected',    'unchanged',   'the order cannot be transmitted'],
  [107,   'rejected',    'unchanged',   'an incomplete order cannot be transmitted'],
  [109,   'rejected',    'unchanged',   'the price is out of the percentage band'],
  [110,   'rejected',    'unchanged',   'the price is off the minimum variation'],
  [111,   'rejected',    'unchanged',   'the time in force does not fit the order type'],
  [113,   'rejected',    'unchanged',   'the time in force must be DAY for this order'],
  [116,   'rejected',    'unchanged',   'the order cannot be transmitted to a dead exchange'],
  [118,   'rejected',    'unchanged',   'the quantity is below the block size'],
  [135,   'reconcile',   'reconcile',   'the broker does not know the order id'],
  [136,   'reconcile',   'reconcile',   'the order cannot be cancelled'],
  [161,   'reconcile',   'reconcile',   'the order was not in a state to be cancelled'],
  [162,   'information', 'information', 'historical data: error or pacing'],
  [165,   'information', 'information', 'historical data: notice'],
  [200,   'rejected',    'unchanged',   'no such contract'],
  [201,   'rejected',    'reconcile',   'rejected; the reason is in the text'],
  [202,   'cancelled',   'cancelled',   'cancelled'],
  [203,   'rejected',    'unchanged',   'the account may not trade this'],
  [300,   'information', 'information', 'no such ticker'],
  [321,   'rejected',    'unchanged',   'the request failed validation'],
  [322,   'reconcile',   'reconcile',   'the server could not process the request'],
  [326,   'connection',  'connection',  'the client id is in use'],
  [329,   'reconcile',   'unchanged',   'the order type cannot be changed'],
  [354,   'information', 'information', 'no market data subscription'],
  [366,   'information', 'information', 'no such historical query'],
  [382,   'rejected',    'unchanged',   'the price violates the display constraints'],
  [383,   'rejected',    'unchanged',   'the size violates the limit of the preset'],
  [387,   'rejected',    'unchanged',   'the order type is not supported here'],
  [388,   'rejected',    'unchanged',   'the size is below the minimum'],
  [399,   'warning',     'warning',     'a notice about the order, e.g. it waits for the open'],
  [404,   'warning',     'warning',     'shares to sell short are being located; the order is held'],
  [434,   'rejected',    'unchanged',   'the order size is zero'],
  [436,   'rejected',    'unchanged',   'an allocation is missing'],
  [460,   'rejected',    'unchanged',   'no permission for the bond'],
  [461,   'rejected',    'unchanged',   'the size or price increment is violated'],
  [463,   'rejected',    'unchanged',   'the price is not sensible'],
  [492,   'warning',     'warning',     'a what-if notice'],
  [502,   'connection',  'connection',  'cannot connect'],
  [503,   'connection',  'connection',  'TWS is too old'],
  [504,   'connection',  'connection',  'not connected'],
  [505,   'information', 'information', 'a message could not be decoded'],
  [506,   'connection',  'connection',  'the server version is not supported'],
  [1100,  'connection',  'connection',  'TWS has lost its link to IBKR'],
  [1101,  'connection',  'connection',  'the link is back, subscriptions are lost'],
  [1102,  'connection',  'connection',  'the link is back, nothing is lost'],
  [1300,  'connection',  'connection',  'the socket port has changed'],
  [2102,  'unchanged',   'unchanged',   'the order is still being processed and cannot be modified'],
  [2103,  'information', 'information', 'a market data farm is down'],
  [2104,  'information', 'information', 'a market data farm is up'],
  [2105,  'information', 'information', 'a historical data farm is down'],
  [2106,  'information', 'information', 'a historical data farm is up'],
  [2107,  'information', 'information', 'a historical data farm sleeps'],
  [2108,  'information', 'information', 'a market data farm sleeps'],
  [2109,  'warning',     'warning',     'the order ignores outside-hours where it does not apply'],
  [2110,  'connection',  'connection',  'TWS has lost its link to the server'],
  [2137,  'warning',     'warning',     'a cross-side warning'],
  [2157,  'information', 'information', 'the security definition farm is down'],
  [2158,  'information', 'information', 'the security definition farm is up'],
  [10089, 'information', 'information', 'market data needs a further subscription'],
  [10090, 'information', 'information', 'part of the market data is not subscribed'],
  [10147, 'reconcile',   'reconcile',   'the order to cancel was not found'],
  [10148, 'reconcile',   'reconcile',   'the order cannot be cancelled in its state'],
  [10149, 'reconcile',   'reconcile',   'the cancel request is not valid'],
  [10167, 'information', 'information', 'delayed market data is shown'],
  [10168, 'information', 'information', 'no market data, and delayed data is not enabled'],
  [10197, 'information', 'information', 'no market data: another live session has it'],
  [10243, 'rejected',    'unchanged',   'a fractional size cannot be sent through the API'],
  [10289, 'rejected',    'unchanged',   'the account needs cash quantity permission'],
  [10293, 'rejected',    'unchanged',   'the account may not trade this'],
  [10318, 'rejected',    'unchanged',   'the order does not fit the account settings'],
];

const byCode: ReadonlyMap<number, Row> = new Map(rows.map((row) => [row[0], row]));

/** Every row, ascending by code. */
export const errorRows = rows;

/**
 * The treatment of `code` for an order that is being placed (`new`) or changed (`change`). Unknown codes are
 * ambiguous: `reconcile`, except the 2100–2199 range, which IBKR keeps for warnings.
 */
export function treatmentOf(code: number, use: 'new' | 'change'): ErrorTreatment {
  const row = byCode.get(code);
  if (row !== undefined) return use === 'new' ? row[1] : row[2];
  return code >= 2100 && code < 2200 ? 'warning' : 'reconcile';
}

/** Our own words for a code; IBKR's text goes to the audit row only. */
export function meaningOf(code: number): string {
  return byCode.get(code)?.[3] ?? 'a code that is not in our table';
}
