import type { Contract } from '../../domain/instrument/contract.ts';
import type { OptionChain } from '../../domain/instrument/option-chain.ts';
import { ask, type Asking } from './ask.ts';
import { priceFromWire } from './numbers.ts';

/** Every chain of an underlying, sorted by market and trading class; empty = it has no options. */
export function askOptionChains(
  asking: Asking,
  deadlineMs: number,
  { conId, symbol, secType, exchange }: Contract,
): Promise<readonly OptionChain[]> {
  const chains: OptionChain[] = [];
  // Options on a future are asked for at the future's own market; for the others it has to be empty.
  const market = secType === 'FUT' ? exchange : '';
  return ask<readonly OptionChain[]>(asking, {
    what: 'option chains',
    deadlineMs,
    send: (api, id) => api.reqSecDefOptParams(id, symbol, market, secType, conId),
    listen: (reply, id) => ({
      securityDefinitionOptionParameter: (
        rowId,
        at,
        _underlying,
        tradingClass,
        size,
        days,
        prices,
      ) => {
        const multiplier = priceFromWire(size);
        if (rowId !== id || multiplier === null) return;
        const strikes = prices.flatMap((price) => priceFromWire(price) ?? []);
        chains.push({
          exchange: at,
          tradingClass,
          multiplier,
          expiries: [...days].sort(),
          strikes: strikes.sort((a, b) => Number(a) - Number(b)),
        });
      },
      securityDefinitionOptionParameterEnd: (endId) => {
        if (endId === id) reply.resolve(chains.sort(byMarket));
      },
    }),
  });
}

function byMarket(a: OptionChain, b: OptionChain): number {
  return (
    a.exchange.localeCompare(b.exchange, 'en') || a.tradingClass.localeCompare(b.tradingClass, 'en')
  );
}
