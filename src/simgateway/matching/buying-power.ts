// Whether an account can carry an order besides everything that works already: as if all of it had
// filled at the mark. Of an instrument that is both bought and sold only the heavier side counts, and
// nothing counts that only closes.
import { withFills } from '../accounts/account.ts';
import type { Account, Fill } from '../accounts/account.ts';
import { valueAccount } from '../accounts/valuation.ts';
import type { Valuation } from '../accounts/valuation.ts';
import { valueOf } from '../accounts/value.ts';
import type { Instrument, Size } from '../market/instrument.ts';
import { formatCents } from '../market/money.ts';
import { promisedSales, withClaim } from './claims.ts';
import type { Claims, Sides } from './claims.ts';
import type { DeskContext } from './desk-context.ts';
import { rejected } from './order-error.ts';
import type { OrderError } from './order-error.ts';
import { pricePart } from './order-parts.ts';
import type { Part } from './order-parts.ts';

const heldOf = (account: Account, i: Instrument): Size =>
  account.positions.get(i.conId)?.quantity ?? 0;

/** Whether a trade makes a holding larger. Currencies have none: what is owned is the cash. */
const opens = (account: Account, { instrument: i, size }: Part): boolean =>
  i.secType === 'CASH' || Math.abs(heldOf(account, i) + size) > Math.abs(heldOf(account, i));

/** The side of an instrument that needs more, signed; 0 when neither opens anything. */
function heavierSide(account: Account, { instrument: i, bought, sold }: Sides): Size {
  const held = i.secType === 'CASH' ? 0 : heldOf(account, i);
  const [long, short] = [held + bought, held - sold];
  // A long option costs its premium, a short one its margin: that is always more.
  const isNaked = i.secType === 'OPT' && sold > 0 && short < 0;
  const size = isNaked || Math.abs(short) > Math.abs(long) ? -sold : bought;
  return size !== 0 && opens(account, { instrument: i, size }) ? size : 0;
}

/** The fills that all claims together come to. A combination counts whole or not at all. */
function fillsOf(account: Account, claims: Claims, c: DeskContext): Fill[] {
  const parts: Part[] = [];
  for (const legs of claims.combos) {
    if (legs.some((leg) => opens(account, leg))) parts.push(...legs);
  }
  for (const sides of claims.sides.values()) {
    const size = heavierSide(account, sides);
    if (size !== 0) parts.push({ instrument: sides.instrument, size });
  }
  return parts.map((part) => pricePart(part, account, c).fill);
}

/** What must be paid in full and cannot be sold short. `spent` is the account without what is promised. */
function cashOnlyError(
  account: Account,
  spent: Account,
  parts: readonly Part[],
  claims: Claims,
  c: DeskContext,
): OrderError | undefined {
  for (const part of parts) {
    const { instrument: i, size } = part;
    if (i.secType !== 'CRYPTO' && i.secType !== 'BOND') continue;
    const left = heldOf(account, i) - promisedSales(claims, i.conId);
    if (size < 0 && left + size < 0) {
      return rejected('The contract is not available for short sale.');
    }
    if (i.secType !== 'CRYPTO' || size < 0) continue;
    const { price, commission } = pricePart(part, account, c).fill;
    if (valueOf(i, price, size) + commission > (spent.cash[i.currency] ?? 0)) {
      return rejected('Insufficient settled cash for a cryptocurrency order.');
    }
  }
  return undefined;
}

function marginError(before: Valuation, after: Valuation): OrderError | undefined {
  // An order that needs no more is always taken, however deep the account is under water.
  if (after.availableFunds >= Math.min(0, before.availableFunds)) return undefined;
  return rejected(
    `YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION ` +
      `YOUR EQUITY WITH LOAN VALUE [${formatCents(after.equityWithLoan)} USD] MUST EXCEED THE ` +
      `INITIAL MARGIN [${formatCents(after.initMargin)} USD]`,
  );
}

/** Error 201 when the account cannot carry an order (its parts) besides the claims there are. */
export function buyingPowerError(
  account: Account,
  parts: readonly Part[],
  claims: Claims,
  c: DeskContext,
): OrderError | undefined {
  const without = withFills(account, fillsOf(account, claims, c));
  const problem = cashOnlyError(account, without, parts, claims, c);
  if (problem !== undefined) return problem;
  const withIt = withFills(account, fillsOf(account, withClaim(claims, parts), c));
  return marginError(valueAccount(without, c.prices), valueAccount(withIt, c.prices));
}
