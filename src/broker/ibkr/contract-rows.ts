import type { Contract as IbContract, ContractDetails as IbDetails } from '@stoqey/ib';
import type { ConId } from '../../domain/ids.ts';
import {
  secTypes,
  type Contract,
  type ContractDetails,
  type PriceIncrement,
  type SecType,
  type Venue,
} from '../../domain/instrument/contract.ts';
import { decimalText } from '../../domain/money/decimal.ts';
import type { Currency } from '../../domain/money/money.ts';
import { fromWire, priceFromWire } from './numbers.ts';

/** Contract rows of the library as contracts of ours. The library reads an empty number as 0; that is absence here. */

/** What a row has beside its contract that names the instrument. */
type More = Pick<IbDetails, 'longName' | 'underConId' | 'maturity'>;

/** The kinds that have a contract size; for the others 1 is the nature of the thing. */
const sized: ReadonlySet<SecType> = new Set(['OPT', 'FUT', 'BOND']);

/** None where the security type is not one of ours. */
export function contractOf(contract: IbContract, more: More): Contract[] {
  const secType = secTypes.find((known) => known === (contract.secType as string | undefined));
  if (secType === undefined || contract.conId === undefined) return [];
  const strike = priceFromWire(contract.strike);
  const multiplier = priceFromWire(contract.multiplier);
  const expiry = more.maturity ?? contract.lastTradeDateOrContractMonth;
  const { underConId = 0 } = more;
  return [
    {
      conId: contract.conId as ConId,
      symbol: contract.symbol ?? '',
      secType,
      exchange: textOr(contract.exchange, secType === 'STK' ? 'SMART' : ''),
      primaryExchange: contract.primaryExch ?? '',
      currency: (contract.currency ?? '') as Currency,
      longName: more.longName ?? '',
      ...textField('localSymbol', contract.localSymbol),
      ...textField('tradingClass', contract.tradingClass),
      ...(secType === 'STK' ? {} : textField('expiry', expiry)),
      ...(secType === 'OPT' && strike !== null ? { strike } : {}),
      ...(secType === 'OPT' && contract.right !== undefined ? { right: contract.right } : {}),
      ...(sized.has(secType) && multiplier !== null ? { multiplier } : {}),
      ...(underConId > 0 ? { underlyingConId: underConId as ConId } : {}),
    },
  ];
}

/** Throws for a row of another security type: such rows are dropped before. */
export function detailsOf(
  row: IbDetails,
  priceIncrements: readonly PriceIncrement[],
): ContractDetails {
  const [contract] = contractOf(row.contract, row);
  if (contract === undefined) throw new Error('a contract row that was not filtered');
  return {
    contract,
    stockType: row.stockType ?? '',
    industry: row.industry ?? '',
    category: row.category ?? '',
    priceIncrements,
    venues: venuesOf(row),
    minSize: priceFromWire(row.minSize) ?? decimalText('1'),
    sizeIncrement: priceFromWire(row.sizeIncrement) ?? decimalText('1'),
    priceMagnifier: Math.max(1, row.priceMagnifier ?? 1),
    contractMonth: row.contractMonth ?? '',
    secIds: [
      ...(row.cusip === undefined || row.cusip === '' ? [] : [{ type: 'CUSIP', value: row.cusip }]),
      ...(row.secIdList ?? []).map(({ tag, value }) => ({ type: tag, value })),
    ],
    coupon: contract.secType === 'BOND' ? fromWire(row.coupon) : null,
    timeZone: timeZoneOf(row.timeZoneId ?? ''),
    liquidHours: row.liquidHours ?? '',
    tradingHours: row.tradingHours ?? '',
  };
}

/** `marketRuleIds` is a list aligned with `validExchanges`. */
export function venuesOf(row: IbDetails): readonly Venue[] {
  const ids = (row.marketRuleIds ?? '').split(',');
  const exchanges = (row.validExchanges ?? '').split(',').filter((exchange) => exchange !== '');
  return exchanges.map((exchange, index) => {
    const id = Number(ids[index] ?? '');
    return { exchange, marketRuleId: Number.isInteger(id) && id > 0 ? id : null };
  });
}

function textOr(text: string | undefined, fallback: string): string {
  return text === undefined || text === '' ? fallback : text;
}

function textField<Name extends string>(
  name: Name,
  text: string | undefined,
): { readonly [Key in Name]?: string } {
  const field: Record<string, string> = text === undefined || text === '' ? {} : { [name]: text };
  return field as { readonly [Key in Name]?: string };
}

/** Old TWS versions name zones like `EST (Eastern Standard Time)`; newer ones use IANA names. */
const zones: Readonly<Record<string, string>> = {
  EST: 'America/New_York',
  EST5EDT: 'America/New_York',
  CST: 'America/Chicago',
  CST6CDT: 'America/Chicago',
  MET: 'Europe/Berlin',
  JST: 'Asia/Tokyo',
};

function timeZoneOf(text: string): string {
  const name = text.split(' ')[0] ?? '';
  return zones[name] ?? name;
}
