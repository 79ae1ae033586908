import type { DecimalText } from '../money/decimal.ts';
import { fixed, Fixed, larger } from '../money/fixed.ts';
import type { OrderTerms } from '../order/intent.ts';
import { grossExposure } from '../risk/book.ts';
import { isKnown, type GateFacts } from '../risk/facts.ts';
import { deltaPrice, instrumentOf, isWorth, riskValue, type Worth } from '../risk/notional.ts';
import type { Requirement } from './margin.ts';
import type { Simulation } from './simulation.ts';
import { signed, tradeOf, type Trade } from './trade.ts';
import { isClosing, marginChangeOf } from './trade-margin.ts';
import { statusOf } from './trade-status.ts';

/**
 * What an order would do if it traded now (or, where it waits for a stop, when it wakes), from our portfolio and our
 * quote alone. Every formula is in `docs/simulation.md`. It does not look at market depth beyond the first price.
 */

/** How far from the market an order without a limit is reckoned to fill at worst, where no policy says otherwise. */
const defaultCollarBps = '300' as DecimalText;

const zero = new Fixed(0, 0);
const basisPoints = new Fixed(10_000, 0);

/** Simulates an order. `collarBps` bounds the fill of an order without a limit for `worstNotional`. Total: never throws. */
export function simulateOrder(
  terms: OrderTerms,
  facts: GateFacts,
  collarBps: DecimalText = defaultCollarBps,
): Simulation {
  const lacking = (missing: string): Simulation => ({ status: 'no-facts', missing });
  const trade = tradeOf(terms, facts, collarBps);
  if ('status' in trade) return trade;
  const { pricing, portfolio, contract, fx, fill, quantity, position } = trade;
  const netAfter = netLiquidationAfter(trade);
  if (!netAfter.isPositive()) return lacking('the net liquidation value is not above zero');
  const moved = deltaPerUnit(trade, facts);
  if (moved !== null && !isWorth(moved) && !isClosing(position)) return lacking(moved.missing);
  const margin = marginChangeOf(trade, facts);
  if ('missing' in margin) return lacking(margin.missing);
  const delta = moved !== null && isWorth(moved) ? moved : null;
  const atLeast = (price: Fixed): Fixed => (delta === null ? price : larger(price, delta));
  const size = quantity.times(trade.unit);
  const worstNotional = size.times(atLeast(trade.worst));
  const { reference, touch, stop } = pricing;
  const held = position.after.abs().times(trade.unit).times(atLeast(touch.mid)).times(fx);
  return {
    status: statusOf(trade, margin.initial),
    currency: contract.currency,
    fillPrice: fill.text(),
    referencePrice: reference.text(),
    slippageBps: inBps(signed(fill.minus(reference), trade.isBuy), reference),
    impactBps: inBps(fill.minus(pricing.fill).abs(), reference),
    worstPrice: trade.worst.text(),
    worstNotional: worstNotional.text(),
    worstNotionalBase: worstNotional.times(fx).text(),
    deltaNotional: delta === null ? null : size.times(delta).text(),
    grossAmount: trade.gross.text(),
    commission: trade.commission.text(),
    fees: trade.fees.text(),
    cashChange: trade.cashChange.text(),
    cashAfter: trade.cashAfter.text(),
    pairCashAfter: trade.pairCash === null ? null : trade.pairCash.after.text(),
    positionBefore: position.before.text(),
    positionAfter: position.after.text(),
    positionShareAfter: held.dividedBy(netAfter, 4, 'half-up').text(),
    ...exposures(terms, trade, facts),
    ...margins(trade, margin, facts),
    initialMarginBefore: fixed(portfolio.initialMargin.amount).text(),
    marketable: pricing.isMarketable,
    stopPrice: stop === null ? null : stop.text(),
    triggersAtOnce: pricing.isTriggered,
  };
}

/** What is left if the trade happens and its instrument is then marked at the mid: spread, impact and costs are lost. */
function netLiquidationAfter(trade: Trade): Fixed {
  const { pricing, portfolio, fill, quantity, unit, isBuy, fx } = trade;
  const lost = signed(fill.minus(pricing.touch.mid), isBuy).times(quantity).times(unit);
  const costs = lost.plus(trade.commission).plus(trade.fees);
  return fixed(portfolio.netLiquidation.amount).minus(costs.times(fx));
}

/** |delta| × price of the underlying of an option; null for everything else. */
function deltaPerUnit({ secType, contract }: Trade, facts: GateFacts): Worth | null {
  if (secType !== 'OPT') return null;
  const row = instrumentOf(contract.conId, facts);
  return 'missing' in row ? row : deltaPrice(row);
}

function exposures({ conId }: OrderTerms, { position }: Trade, facts: GateFacts) {
  const gross = grossExposure(facts);
  if (!isWorth(gross)) return { exposureBefore: null, exposureAfter: null };
  const row = instrumentOf(conId, facts);
  const of = (quantity: Fixed): Worth => ('missing' in row ? row : riskValue(row, quantity, facts));
  const [before, after] = [of(position.before), of(position.after)];
  return {
    exposureBefore: gross.text(),
    exposureAfter:
      isWorth(before) && isWorth(after) ? gross.minus(before.abs()).plus(after.abs()).text() : null,
  };
}

function margins(
  { portfolio, contract, commission }: Trade,
  change: Requirement,
  facts: GateFacts,
) {
  const { initialMargin, maintenanceMargin, baseCurrency } = portfolio;
  const initial = larger(zero, fixed(initialMargin.amount).plus(change.initial));
  const isInBase = maintenanceMargin.currency === baseCurrency;
  const whatIf = isKnown(facts.whatIf) ? facts.whatIf.value : null;
  const theirs = whatIf?.initialMarginAfter ?? null;
  const isComparable = whatIf?.commissionCurrency === contract.currency;
  const charged = isComparable ? whatIf.commission : null;
  return {
    initialMarginAfter: initial.text(),
    maintenanceMarginAfter: isInBase
      ? larger(zero, fixed(maintenanceMargin.amount).plus(change.maintenance)).text()
      : null,
    whatIfInitialMarginAfter: theirs,
    marginDifference: theirs === null ? null : fixed(theirs).minus(initial).text(),
    commissionDifference: charged === null ? null : fixed(charged).minus(commission).text(),
  };
}

function inBps(amount: Fixed, reference: Fixed): DecimalText {
  return amount.times(basisPoints).dividedBy(reference, 2, 'half-up').text();
}
