// Which parts of the simulation survive a restart, and how they are restored. Changed orders and
// accounts are marked and written once per commit; executions, ids and frame counts as they happen.
import type { Account, Position } from '../accounts/account.ts';
import type { Execution, SimOrder } from '../matching/order.ts';
import type { OrderStore } from '../matching/order-store.ts';
import { noStateLog, openStateLog } from './state-log.ts';

type AccountRecord = Omit<Account, 'positions'> & { positions: Position[] };
type StateRecord =
  | { t: 'order'; order: SimOrder }
  | { t: 'execution'; execution: Execution }
  | { t: 'account'; account: AccountRecord }
  | { t: 'ids'; clientId: number; nextId: number }
  | { t: 'frame'; orderRef: string; whatIf: boolean }
  | { t: 'frames'; orderRef: string; total: number; whatIf: number };

/** What is told to the state file; `commit` must precede every answer. */
export type Persistence = {
  markOrder(order: SimOrder): void;
  markAccount(account: Account): void;
  addExecution(execution: Execution): void;
  addFrame(orderRef: string, whatIf: boolean): void;
  setNextId(clientId: number, nextId: number): void;
  commit(): void;
  close(): void;
  /** Forgets everything, on disk too, and closes. */
  erase(): void;
};

/** A corrected execution takes the place of the one before it. */
function keepExecution(execution: Execution, store: OrderStore): void {
  const prefix = execution.execId.slice(0, execution.execId.lastIndexOf('.'));
  const isCorrection = !execution.execId.endsWith('.01');
  const at = isCorrection
    ? store.executions.findLastIndex((e) => e.execId.startsWith(`${prefix}.`))
    : -1;
  if (at < 0) store.executions.push(execution);
  else store.executions[at] = execution;
}

function restore(record: StateRecord, store: OrderStore, accounts: Map<string, Account>): void {
  switch (record.t) {
    case 'order': {
      const known = store.orders.get(record.order.permId);
      // One object per order: the indexes hold references.
      if (known !== undefined) {
        Object.assign(known, record.order);
        store.settle(known);
      } else {
        store.add(record.order);
        store.raiseNextId(record.order.clientId, record.order.orderId);
      }
      break;
    }
    case 'execution':
      keepExecution(record.execution, store);
      break;
    case 'account': {
      const positions = new Map(record.account.positions.map((p) => [p.conId, p]));
      accounts.set(record.account.id, { ...record.account, positions });
      break;
    }
    case 'ids':
      store.nextIds.set(record.clientId, record.nextId);
      break;
    case 'frame':
      store.countFrame(record.orderRef, record.whatIf);
      break;
    case 'frames':
      store.frames.set(record.orderRef, { total: record.total, whatIf: record.whatIf });
      break;
  }
}

const accountRecord = (a: Account): StateRecord => ({
  t: 'account',
  account: { ...a, positions: [...a.positions.values()] },
});

/** Records that stand for everything there is. Ids come after orders, which raise them. */
function* everything(store: OrderStore, accounts: Map<string, Account>): Generator<StateRecord> {
  for (const account of accounts.values()) yield accountRecord(account);
  for (const order of store.orders.values()) yield { t: 'order', order };
  for (const execution of store.executions) yield { t: 'execution', execution };
  for (const [clientId, nextId] of store.nextIds) yield { t: 'ids', clientId, nextId };
  for (const [orderRef, count] of store.frames) yield { t: 'frames', orderRef, ...count };
}

/** Restores from the file, when one is given, and keeps it up to date from then on. */
export function openPersistence(
  { stateFile, sync }: { stateFile?: string; sync?: boolean },
  store: OrderStore,
  accounts: Map<string, Account>,
): Persistence {
  const log =
    stateFile === undefined
      ? noStateLog
      : openStateLog({
          file: stateFile,
          sync: sync ?? false,
          replay: (record) => {
            restore(record as StateRecord, store, accounts);
          },
          snapshot: () => everything(store, accounts),
        });
  const append = (record: StateRecord) => {
    log.append(record);
  };
  const orders = new Set<SimOrder>();
  const changedAccounts = new Set<Account>();
  const commit = () => {
    for (const order of orders) append({ t: 'order', order });
    for (const a of changedAccounts) append(accountRecord(a));
    orders.clear();
    changedAccounts.clear();
    log.commit();
  };
  return {
    markOrder: (order) => void orders.add(order),
    markAccount: (account) => void changedAccounts.add(account),
    addExecution: (execution) => {
      append({ t: 'execution', execution });
    },
    addFrame: (orderRef, whatIf) => {
      append({ t: 'frame', orderRef, whatIf });
    },
    setNextId: (clientId, nextId) => {
      store.nextIds.set(clientId, nextId);
      append({ t: 'ids', clientId, nextId });
    },
    commit,
    close: () => {
      commit();
      log.close();
    },
    erase: () => {
      log.erase();
      log.close();
    },
  };
}
