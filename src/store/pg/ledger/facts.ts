import type { AccountId, ConId, IntentId, PrincipalId } from '../../../domain/ids.ts';
import { marksAfter, type MarkedEquity } from '../../../domain/portfolio/equity-marks.ts';
import { isKnown, type BrokerFacts, type GateFacts } from '../../../domain/risk/facts.ts';
import type { EquityMarks, LedgerFacts } from '../../../domain/risk/facts.ts';
import type { Instant } from '../../../domain/time/instant.ts';
import { tradingDayAt, type TradingDay } from '../../../domain/time/trading-day.ts';
import type { Session } from '../connection.ts';
import { ledgerFacts } from './facts-query.ts';
import type { OrderRow } from './order-row.ts';

/** What the ledger knows for a gate evaluation, made of one row of `facts-query.ts`. */

type Question = {
  readonly account: AccountId;
  /** Whose budgets count. */
  readonly principal: PrincipalId;
  readonly strategyTag: string | null;
  readonly isClaim: boolean;
  /** The order under evaluation, which is left out. */
  readonly intentId: IntentId | null;
  readonly conId: ConId | null;
  readonly brokerFacts: BrokerFacts | null;
};

/** Reads the ledger's facts, in one round trip. */
export async function readLedgerFacts(session: Session, question: Question): Promise<LedgerFacts> {
  const { account, intentId, conId, brokerFacts, principal, strategyTag, isClaim } = question;
  const day = brokerFacts === null ? null : tradingDayOf(brokerFacts);
  const [row] = await session.rows(ledgerFacts, [
    account,
    intentId,
    brokerFacts === null ? [] : shownAsWorking(brokerFacts),
    brokerFacts === null ? null : snapshotAt(brokerFacts),
    conId,
    day?.ageMs ?? null,
    principal,
    isClaim,
  ]);
  if (row === undefined) throw new Error('a select from one row gives one row');
  const { marks, today, pendingApprovals, asksLastHour, ...facts } = row;
  return {
    ...facts,
    equity: equityOf(marks, brokerFacts, day),
    agent: { principal, strategyTag, ...today, pendingApprovals, asksLastHour },
  };
}

/** All facts for judging an order: the broker's and, in this transaction, the ledger's. */
export async function readGateFacts(
  session: Session,
  order: OrderRow,
  brokerFacts: BrokerFacts,
  at: 'gate' | 'claim',
): Promise<GateFacts> {
  const { terms, intentId, proposedAt, proposer, strategyTag } = order;
  const { account, conId } = terms;
  const facts = await readLedgerFacts(session, {
    ...{ account, intentId, conId, brokerFacts, principal: proposer, strategyTag },
    isClaim: at === 'claim',
  });
  return { ...brokerFacts, account, ledger: known({ ...facts, proposedAt }) };
}

/** The sector of the order's own instrument, to be kept with what it reserves; empty = not known. */
export function sectorOf({ instruments }: BrokerFacts, conId: ConId): string {
  if (!isKnown(instruments)) return '';
  return instruments.value.find((each) => each.conId === conId)?.sector ?? '';
}

export function known(facts: LedgerFacts): GateFacts['ledger'] {
  return { value: facts, source: 'ledger', at: facts.now };
}

function shownAsWorking({ workingOrders }: BrokerFacts): string[] {
  if (!isKnown(workingOrders)) return [];
  return workingOrders.value.map((order) => order.orderRef).filter((ref) => ref !== '');
}

/** The older of the two facts that show an order; without them no rule on exposure passes anyway. */
function snapshotAt({ workingOrders, portfolio }: BrokerFacts): Instant | null {
  if (!isKnown(workingOrders) || !isKnown(portfolio)) return null;
  return workingOrders.at < portfolio.at ? workingOrders.at : portfolio.at;
}

function tradingDayOf({ marketTime }: BrokerFacts): TradingDay | null {
  return isKnown(marketTime) ? tradingDayAt(marketTime.value) : null;
}

/** The marks with the value that the broker shows now; where it or the market's clock is missing, as they are. */
function equityOf(
  marks: MarkedEquity | null,
  brokerFacts: BrokerFacts | null,
  day: TradingDay | null,
): EquityMarks {
  const portfolio = brokerFacts?.portfolio;
  const current =
    portfolio === undefined || !isKnown(portfolio) || day === null
      ? marks
      : marksAfter(marks, portfolio.value.netLiquidation, day);
  if (current === null) return { highest: null, weekStart: null, dayStart: null };
  const { highest, weekStart, dayStart } = current;
  return { highest, weekStart, dayStart };
}
