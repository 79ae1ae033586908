import type { Contract, ContractDetails, SecType } from '../../domain/instrument/contract.ts';
import type { Quote } from '../../domain/instrument/quote.ts';
import { fixed, Fixed } from '../../domain/money/fixed.ts';
import { decimalText, type DecimalText } from '../../domain/money/decimal.ts';
import type { Position } from '../../domain/portfolio/portfolio.ts';
import type { InstrumentFacts, Known } from '../../domain/risk/facts.ts';
import { instantFromEpochMs } from '../../domain/time/instant.ts';
import type { Kept } from './answer-cache.ts';
import { unavailable } from './ask.ts';
import type { Counted } from './counted.ts';
import { orNull, within, type Deadline } from './fact.ts';
import type { Look } from './instruments.ts';
import { middleOrLast } from './middle.ts';

/**
 * A row per instrument that counts: what it is from contract details, its price from the account's stream (of the
 * order's own from its quote), the model's values of an option from a look at it.
 */

export type Looking = (contract: Contract) => Promise<Kept<Look>>;

/** Kinds that have to state a multiplier: without one nobody knows what they are worth. */
const statesMultiplier: ReadonlySet<SecType> = new Set(['OPT', 'FUT']);
const noLook: Kept<Look> = { value: { price: null, greeks: null }, ageMs: 0, isCached: false };

/** Ascending by conId. A row that cannot be had is left out; throws `BROKER_UNAVAILABLE` where none can be had. */
export async function gatherInstruments(
  deadline: Deadline,
  { own, conIds, positions, details }: Counted,
  ownQuote: Quote | null,
  look: Looking,
): Promise<Known<readonly InstrumentFacts[]>> {
  const looked = async (contract: Contract): Promise<Kept<Look>> => {
    const asked = within(deadline, 'quote of what is held', look(contract));
    return (await orNull(asked)) ?? noLook;
  };
  const rows = await Promise.all(
    conIds.map(async (conId) => {
      const found = details.get(conId);
      const multiplier = found === undefined ? null : unitOf(found);
      if (found === undefined || multiplier === null) return [];
      const { contract } = found;
      const quoted = conId === own && ownQuote !== null ? middleOrLast(ownQuote) : null;
      const held = quoted ?? positionPrice(positions.get(conId), found);
      const isOption = contract.secType === 'OPT';
      const seen = isOption || (held === null && conId !== own) ? await looked(contract) : noLook;
      const row: InstrumentFacts = {
        ...{ conId, secType: contract.secType, currency: contract.currency, multiplier },
        ...{ sector: found.industry, industry: found.category },
        price: held ?? seen.value.price,
        ...(isOption ? greeksOf(seen.value) : { delta: null, underlyingPrice: null }),
      };
      return [{ row, ageMs: seen.ageMs }];
    }),
  );
  const had = rows.flat();
  if (had.length === 0) throw unavailable('no contract details of any instrument in time');
  const oldestMs = Math.max(...had.map(({ ageMs }) => ageMs));
  return {
    value: had.map(({ row }) => row),
    source: 'IBKR contract details, account updates and market data',
    at: instantFromEpochMs(deadline.clock.wallMs() - oldestMs),
  };
}

/** Value of one unit per 1.00 of the price as it is quoted; null where an instrument ought to state it and does not. */
function unitOf({ contract, priceMagnifier }: ContractDetails): DecimalText | null {
  const { secType, multiplier } = contract;
  if (multiplier === undefined && statesMultiplier.has(secType)) return null;
  const stated = multiplier ?? decimalText('1');
  if (priceMagnifier === 1) return stated;
  return fixed(stated).dividedBy(new Fixed(priceMagnifier, 0), 12, 'up').text();
}

/**
 * The price of a position as its market quotes it. Where quotes are a multiple of the currency (pence), IBKR's account
 * updates are in one or the other: the one that makes the stated market value is taken. 0 is IBKR's "none".
 */
function positionPrice(
  position: Position | undefined,
  { contract, priceMagnifier }: ContractDetails,
): DecimalText | null {
  if (position === undefined || fixed(position.marketPrice).isZero()) return null;
  const stated = fixed(position.marketPrice);
  if (priceMagnifier === 1) return stated.text();
  const magnified = stated.times(new Fixed(priceMagnifier, 0));
  const units = fixed(position.quantity).times(fixed(contract.multiplier ?? '1'));
  const off = (price: Fixed): Fixed => price.times(units).minus(fixed(position.marketValue)).abs();
  // In currency, the stated price times the size is the value; in pence it is a hundred times too much.
  return off(stated).lt(off(stated.dividedBy(new Fixed(priceMagnifier, 0), 18, 'half-up')))
    ? magnified.text()
    : stated.text();
}

/** A delta beyond -1..1 is IBKR's "not worked out" (-2). */
function greeksOf({ greeks }: Look): Pick<InstrumentFacts, 'delta' | 'underlyingPrice'> {
  const delta = greeks?.delta ?? null;
  const isDelta = delta !== null && !fixed(delta).abs().gt(new Fixed(1, 0));
  return { delta: isDelta ? delta : null, underlyingPrice: greeks?.underlyingPrice ?? null };
}
