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
  const { symbol = '', primaryExch = '', currency = '' } = contract;
  return [
    {
      conId: contract.conId as ConId,
      symbol,
      secType,
      exchange: textOr(contract.exchange, secType === 'STK' ? 'SMART' : ''),
      primaryExchange: primaryExch,
      currency: currency as Currency,
      longName: more.longName ?? '',
      ...textField('localSymbol', contract.localSymbol),
      ...textField('tradingClass', contract.tradingClass),
      ...derivedFields(secType, contract, more),
    },
  ];
}

/** What only options, futures and bonds have. */
function derivedFields(secType: SecType, contract: IbContract, more: More) {
  if (!sized.has(secType)) return {};
  const strike = secType === 'OPT' ? priceFromWire(contract.strike) : null;
  const right = secType === 'OPT' ? contract.right : undefined;
  const multiplier = priceFromWire(contract.multiplier);
  const { underConId = 0 } = more;
  return {
    ...textField('expiry', more.maturity ?? contract.lastTradeDateOrContractMonth),
    ...(strike === null ? {} : { strike }),
    ...(right === undefined ? {} : { right }),
    ...(multiplier === null ? {} : { multiplier }),
    ...(underConId > 0 ? { underlyingConId: underConId as ConId } : {}),
  };
}

/** Throws for a row of another security type: such rows are dropped before. */
export function detailsOf(
  row: IbDetails,
  priceIncrements: readonly PriceIncrement[],
): ContractDetails {
  const [contract] = contractOf(row.contract, row);
  if (contract === undefined) throw new Error('a contract row that was not filtered');
  const { stockType = '', industry = '', category = '', contractMonth = '' } = row;
  const { liquidHours = '', tradingHours = '', timeZoneId = '' } = row;
  return {
    contract,
    stockType,
    industry,
    category,
    priceIncrements,
    venues: venuesOf(row),
    minSize: priceFromWire(row.minSize) ?? decimalText('1'),
    sizeIncrement: priceFromWire(row.sizeIncrement) ?? decimalText('1'),
    priceMagnifier: Math.max(1, row.priceMagnifier ?? 1),
    contractMonth,
    secIds: secIdsOf(row),
    coupon: contract.secType === 'BOND' ? fromWire(row.coupon) : null,
    timeZone: timeZoneOf(timeZoneId),
    liquidHours,
    tradingHours,
  };
}

/** Each identifier once; a bond tells its CUSIP in a field of its own too. */
function secIdsOf({ cusip = '', secIdList = [] }: IbDetails): ContractDetails['secIds'] {
  const listed = secIdList.map(({ tag, value }) => ({ type: tag, value }));
  const isListed = cusip === '' || listed.some(({ type }) => type === 'CUSIP');
  return isListed ? listed : [{ type: 'CUSIP', value: cusip }, ...listed];
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
