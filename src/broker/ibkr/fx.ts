import { SecType, type Contract as IbContract } from '@stoqey/ib';
import type { AccountId, ConId } from '../../domain/ids.ts';
import { dec, Dec, decimalText, type DecimalText } from '../../domain/money/decimal.ts';
import { ask, unavailable, type Asking } from './ask.ts';
import type { Accounts } from './account.ts';
import type { MarketData } from './market-data.ts';

/**
 * Rates to the account's base currency: the mid of IBKR's CASH quote, in whichever direction IBKR quotes the pair,
 * else the rate of the account's own ledger. Never a rate of ours.
 */
export type Fx = (
  account: AccountId,
  currency: string,
  base: string,
) => Promise<{ readonly rate: DecimalText; readonly source: string }>;

type Pair = IbContract & { readonly conId: ConId };

export function createFx(
  asking: Asking,
  marketData: MarketData,
  accounts: Accounts,
  deadlineMs: number,
): Fx {
  const pairs = new Map<string, Pair>();
  const pairOf = async (from: string, to: string): Promise<Pair | null> => {
    const key = `${from}.${to}`;
    const known = pairs.get(key);
    if (known !== undefined) return known;
    const found = await askPair(asking, from, to, deadlineMs);
    if (found !== null) pairs.set(key, found);
    return found;
  };
  const mid = async (pair: Pair): Promise<Dec> => {
    const { bid, ask: offer } = await marketData.quote(pair);
    if (bid === null || offer === null) throw unavailable('the currency pair is not quoted');
    return dec(bid).plus(dec(offer)).dividedBy(2);
  };
  return async (account, currency, base) => {
    if (currency === base) return { rate: decimalText('1'), source: 'same currency' };
    try {
      const direct = await pairOf(currency, base);
      if (direct !== null) {
        return { rate: rounded(await mid(direct)), source: `IBKR quote ${currency}.${base}` };
      }
      const inverse = await pairOf(base, currency);
      if (inverse !== null) {
        const rate = rounded(new Dec(1).dividedBy(await mid(inverse)));
        return { rate, source: `IBKR quote ${base}.${currency}, inverted` };
      }
      throw unavailable(`IBKR has no currency pair of ${currency} and ${base}`);
    } catch (error) {
      const rate = accounts.ledgerRate(account, currency);
      if (rate === null) throw error;
      return { rate, source: 'exchange rate of the account ledger' };
    }
  };
}

/** Ten digits after the point: more than any pair is quoted with. */
function rounded(rate: Dec): DecimalText {
  return decimalText(rate.toDecimalPlaces(10));
}

async function askPair(
  asking: Asking,
  from: string,
  to: string,
  deadlineMs: number,
): Promise<Pair | null> {
  const pair = { symbol: from, secType: SecType.CASH, currency: to, exchange: 'IDEALPRO' };
  let found: Pair | null = null;
  return await ask<Pair | null>(asking, {
    what: 'currency pair',
    deadlineMs,
    send: (api, id) => api.reqContractDetails(id, pair),
    listen: (reply, id) => ({
      contractDetails: (rowId, { contract }) => {
        const fits =
          rowId === id && contract.symbol === from && contract.currency === to && contract.conId;
        if (fits) found = { ...pair, conId: contract.conId as ConId };
      },
      contractDetailsEnd: (endId) => {
        if (endId === id) reply.resolve(found);
      },
    }),
    onError: (code, reply) => {
      if (code === 200) reply.resolve(null);
      return code === 200;
    },
  });
}
