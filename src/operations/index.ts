import { activateKillSwitch } from './activate-kill-switch.ts';
import { connectionStatus } from './connection-status.ts';
import { denyApproval } from './deny-approval.ts';
import { evaluateRisk } from './evaluate-risk.ts';
import { getAutoApproval } from './get-auto-approval.ts';
import { getCash } from './get-cash.ts';
import { getDecision } from './get-decision.ts';
import { getLimitsInUse } from './get-limits-in-use.ts';
import { getOpenOrders } from './get-open-orders.ts';
import { getPolicy } from './get-policy.ts';
import { getPortfolio } from './get-portfolio.ts';
import { getPositions } from './get-positions.ts';
import { getRequest } from './get-request.ts';
import { grantApproval } from './grant-approval.ts';
import { instrumentResolve } from './instrument-resolve.ts';
import { instrumentSearch } from './instrument-search.ts';
import { killSwitchStatus } from './kill-switch-status.ts';
import { listAccounts } from './list-accounts.ts';
import { listCompletedOrders } from './list-completed-orders.ts';
import { listExecutions } from './list-executions.ts';
import { listLatches } from './list-latches.ts';
import { listPending } from './list-pending.ts';
import { listRequests } from './list-requests.ts';
import { marketBars } from './market-bars.ts';
import { marketSnapshot } from './market-snapshot.ts';
import type { Operation } from './operation.ts';
import { optionChain } from './option-chain.ts';
import { queryAudit } from './query-audit.ts';
import { readStatistics } from './read-statistics.ts';
import { reconnect } from './reconnect.ts';
import { reloadPolicy } from './reload-policy.ts';
import { releaseKillSwitch } from './release-kill-switch.ts';
import { releaseLatch } from './release-latch.ts';
import { requestApproval } from './request-approval.ts';
import { simulateOrder } from './simulate-order.ts';
import { waitForDecision } from './wait-for-decision.ts';
import { withdrawRequest } from './withdraw-request.ts';

/** Everything that can be done, sorted by name: a new operation is one file and one row. */
export const operations: readonly Operation[] = [
  activateKillSwitch,
  connectionStatus,
  denyApproval,
  evaluateRisk,
  getAutoApproval,
  getCash,
  getDecision,
  getLimitsInUse,
  getOpenOrders,
  getPolicy,
  getPortfolio,
  getPositions,
  getRequest,
  grantApproval,
  instrumentResolve,
  instrumentSearch,
  killSwitchStatus,
  listAccounts,
  listCompletedOrders,
  listExecutions,
  listLatches,
  listPending,
  listRequests,
  marketBars,
  marketSnapshot,
  optionChain,
  queryAudit,
  readStatistics,
  reconnect,
  releaseKillSwitch,
  releaseLatch,
  reloadPolicy,
  requestApproval,
  simulateOrder,
  waitForDecision,
  withdrawRequest,
];

/** What stays where nothing may be ordered, decided or resumed: looking, and halting, which only makes things safer. */
const harmless: ReadonlySet<Operation['effect']> = new Set(['read', 'halt']);

/** The operations that the doors register: all of them, or those that a read-only installation has. */
export function operationsFor(isReadOnly: boolean): readonly Operation[] {
  return isReadOnly ? operations.filter(({ effect }) => harmless.has(effect)) : operations;
}
