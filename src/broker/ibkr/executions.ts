import type { CommissionReport, Contract, Execution } from '@stoqey/ib';
import type { AccountId, ConId } from '../../domain/ids.ts';
import type { Currency, Money } from '../../domain/money/money.ts';
import type { ExecutionQuery, ExecutionReport } from '../../domain/portfolio/execution-report.ts';
import { ask, type Asking } from './ask.ts';
import { permIdOf } from './broker-events.ts';
import { fromWire } from './numbers.ts';
import { instantOfText } from './time-text.ts';

/**
 * Executions with their commissions. A commission is a message of its own that may come late or never; it is looked
 * for a moment and is null until it is known. A corrected execution replaces the one that it corrects.
 */
export type ExecutionTiming = {
  readonly deadlineMs: number;
  /** How long to wait for commissions after the last execution. */
  readonly commissionMs: number;
};

/** Commissions that are remembered: two busy days. */
const mostCommissions = 50_000;
const pollMs = 10;

export class Executions {
  readonly #asking: Asking;
  readonly #timing: ExecutionTiming;
  readonly #commissions = new Map<string, CommissionReport>();

  constructor(asking: Asking, timing: ExecutionTiming) {
    this.#asking = asking;
    this.#timing = timing;
    asking.session.listen({
      commissionReport: (report) => {
        const { execId } = report;
        if (execId === undefined) return;
        this.#commissions.set(execId, report);
        const [oldest] = this.#commissions.keys();
        if (this.#commissions.size > mostCommissions && oldest !== undefined) {
          this.#commissions.delete(oldest);
        }
      },
    });
  }

  /** Ascending by time. Throws `BROKER_NO_ANSWER` without the end marker: part of the list is no list. */
  async read(query: ExecutionQuery): Promise<readonly ExecutionReport[]> {
    const rows = lastCorrections(await this.#ask(query));
    await this.#awaitCommissions(rows);
    return rows
      .flatMap((row) => reportOf(row, this.#commissions.get(row.execution.execId ?? '')))
      .filter((one) => isWanted(one, query))
      .sort((a, b) => order(a.at ?? '', b.at ?? '') || order(a.execId, b.execId));
  }

  #ask(query: ExecutionQuery): Promise<readonly Row[]> {
    const rows: Row[] = [];
    return ask<readonly Row[]>(this.#asking, {
      what: 'executions',
      deadlineMs: this.#timing.deadlineMs,
      send: (api, id) => api.reqExecutions(id, { acctCode: query.account }),
      listen: (reply, id) => ({
        execDetails: (rowId, contract, execution) => {
          if (rowId === id) rows.push({ contract, execution });
        },
        execDetailsEnd: (endId) => {
          if (endId === id) reply.resolve(rows);
        },
      }),
    });
  }

  async #awaitCommissions(rows: readonly Row[]): Promise<void> {
    const { clock } = this.#asking;
    const untilMs = clock.monotonicMs() + this.#timing.commissionMs;
    const isOpen = (): boolean =>
      rows.some(({ execution }) => !this.#commissions.has(execution.execId ?? ''));
    while (isOpen() && clock.monotonicMs() < untilMs) {
      await new Promise<void>((resolve) => {
        clock.after(pollMs, resolve);
      });
    }
  }
}

type Row = { readonly contract: Contract; readonly execution: Execution };

/** An execution id ends in a counter: `….01`, corrected `….02`. Only the last one holds. */
function lastCorrections(rows: readonly Row[]): readonly Row[] {
  const last = new Map<string, Row>();
  for (const row of rows) {
    const { base, version } = partsOf(row);
    const known = last.get(base);
    if (known === undefined || partsOf(known).version <= version) last.set(base, row);
  }
  return [...last.values()];
}

function partsOf({ execution: { execId = '' } }: Row): { base: string; version: number } {
  const dot = execId.lastIndexOf('.');
  return {
    base: execId.slice(0, Math.max(dot, 0)) || execId,
    version: Number(execId.slice(dot + 1)),
  };
}

/** None for a row without its figures. */
function reportOf(row: Row, paid: CommissionReport | undefined): ExecutionReport[] {
  const { execution } = row;
  const quantity = fromWire(execution.shares);
  const price = fromWire(execution.price);
  if (quantity === null || price === null) return [];
  return [
    {
      ...namesOf(row),
      side: execution.side === 'BOT' ? 'BUY' : 'SELL',
      quantity,
      price,
      cumulative: fromWire(execution.cumQty) ?? quantity,
      averagePrice: fromWire(execution.avgPrice) ?? price,
      at: instantOfText(execution.time ?? ''),
      isCorrection: partsOf(row).version > 1,
      commission: moneyOf(paid?.commission, paid?.currency),
      realizedPnl: moneyOf(paid?.realizedPNL, paid?.currency),
    },
  ];
}

/** What and whose it is. */
function namesOf({ contract, execution }: Row) {
  const { conId = 0, symbol = '', secType = '' } = contract;
  const { execId = '', acctNumber = '', exchange = '', orderRef = '' } = execution;
  const { orderId = 0, clientId = -1 } = execution;
  return {
    execId,
    account: acctNumber as AccountId,
    conId: conId as ConId,
    symbol,
    secType,
    exchange,
    permId: permIdOf(execution.permId) ?? '',
    orderId,
    clientId,
    orderRef,
  };
}

function moneyOf(value: number | undefined, currency: string | undefined): Money | null {
  const amount = fromWire(value);
  if (amount === null || currency === undefined || currency === '') return null;
  return { amount, currency: currency as Currency };
}

/** An execution whose time could not be read stays in: leaving it out would hide it. */
function isWanted(one: ExecutionReport, { account, since, symbol }: ExecutionQuery): boolean {
  return (
    one.account === account &&
    (since === null || one.at === null || one.at >= since) &&
    (symbol === null || one.symbol === symbol)
  );
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
