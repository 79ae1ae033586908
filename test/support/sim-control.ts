// A typed client of the simulated gateway's control port, for tests that run it as another process.

export type SimOrderState = {
  permId: number;
  clientId: number;
  orderId: number;
  orderRef: string;
  account: string;
  conId: number;
  symbol: string;
  action: 'BUY' | 'SELL';
  quantity: number;
  orderType: string;
  limitPrice?: string;
  tif: string;
  status: string;
  filled: number;
  avgPrice: string;
  completedStatus?: string;
};
export type SimExecutionState = {
  execId: string;
  permId: number;
  orderRef: string;
  side: 'BOT' | 'SLD';
  shares: number;
  price: string;
  cumQty: number;
  commission: string;
  realized?: string;
  at: string;
};
export type SimAccountState = {
  id: string;
  cash: string;
  realized: string;
  netLiquidation: string;
  positions: {
    conId: number;
    symbol: string;
    quantity: number;
    averageCost: string;
    realized: string;
  }[];
};
export type SimJournalEntry = {
  seq: number;
  at: number;
  wallMs: number;
  clientId: number;
  direction: 'in' | 'out' | 'fault' | 'connection';
  message: string;
  fields: Record<string, unknown>;
};
export type SimFrameCount = { orderRef: string; total: number; whatIf: number };
export type SimFault = {
  kind: string;
  times?: number;
  clientId?: number;
  orderRef?: string;
  message?: string;
  chancePercent?: number;
  code?: number;
  text?: string;
  reset?: boolean;
  delayMs?: number;
  jitterMs?: number;
  /** Lets so many matching messages pass first. */
  skip?: number;
  /** Requests: only this sort. */
  on?: 'new' | 'modify' | 'what-if' | 'cancel' | 'start' | 'other';
  afterMs?: number;
  scope?: 'connection';
  account?: string;
  shares?: number;
  price?: string;
  bytes?: number;
};
export type SimLink = {
  silent?: boolean;
  /** When cut: the exchange fills what works there, and no event passes. */
  unseenTrading?: boolean;
  /** When cut: a change makes a second order with its own permId. */
  forkModifies?: boolean;
  /** When up: events of the time in between never come; by default with 1101. */
  loseEvents?: boolean;
};
export type SimHold = {
  id: number;
  clientId: number;
  stage: 'before' | 'after';
  fields: Record<string, unknown>;
};
export type SimQuote = {
  bid?: string | number;
  ask?: string | number;
  last?: string | number;
  frozen?: boolean;
  halted?: boolean;
};
export type SimFillPolicy =
  | { mode: 'immediate' | 'manual' }
  | { mode: 'partial'; slices: { shares: number | 'rest'; delayMs: number }[] };
export type SimClock = { now: string; running: boolean; phase: 'closed' | 'extended' | 'regular' };
export type SimConnectionAction = 'drop' | 'end' | 'reset' | 'pause' | 'resume' | 'delay' | 'split';

const query = (params: Record<string, string | number | boolean | undefined>) => {
  const given = Object.entries(params).filter(([, v]) => v !== undefined);
  return new URLSearchParams(given.map(([k, v]): [string, string] => [k, String(v)])).toString();
};

/** A client of the control port at `http://127.0.0.1:<port>`; every call rejects on an error answer. */
export function simControl(port: number) {
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const init: RequestInit = { method };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${answer.error ?? ''}`);
    return answer;
  };
  return {
    call,
    health: () => call<{ ready: boolean; now: string; orders: number }>('GET', '/health'),
    clock: () => call<SimClock>('GET', '/clock'),
    setClock: (change: { instant?: string; running?: boolean }) =>
      call<SimClock>('PUT', '/clock', change),
    advanceClock: (ms: number) => call<SimClock>('POST', '/clock/advance', { ms }),
    quote: (instrument: string | number) => call<SimQuote>('GET', `/quotes/${instrument}`),
    setQuote: (instrument: string | number, quote: SimQuote) =>
      call<SimQuote>('PUT', `/quotes/${instrument}`, quote),
    resetQuotes: () => call('DELETE', '/quotes'),
    setMarketDataAccess: (access: 'live' | 'delayed' | 'none' | 'competing') =>
      call('PUT', '/market-data-access', { access }),
    accounts: () => call<SimAccountState[]>('GET', '/accounts'),
    orders: (filter: { orderRef?: string; clientId?: number; live?: boolean } = {}) =>
      call<SimOrderState[]>('GET', `/orders?${query(filter)}`),
    fill: (permId: number, fill: { shares: number; price?: string }) =>
      call<SimOrderState>('POST', `/orders/${permId}/fill`, fill),
    cancel: (permId: number, reason?: string) =>
      call<SimOrderState>('POST', `/orders/${permId}/cancel`, { reason }),
    executions: (orderRef?: string) =>
      call<SimExecutionState[]>('GET', `/executions?${query({ orderRef })}`),
    setFillPolicy: (policy: SimFillPolicy) => call('PUT', '/fill-policy', policy),
    armFault: (fault: SimFault) => call<{ id: number }>('POST', '/faults', fault),
    clearFaults: () => call('DELETE', '/faults'),
    holds: () => call<SimHold[]>('GET', '/holds'),
    releaseHold: (id: number, action: 'proceed' | 'swallow' | 'drop' = 'proceed') =>
      call('POST', `/holds/${id}/release`, { action }),
    connections: () =>
      call<{ clientId: number; version: number; isReady: boolean }[]>('GET', '/connections'),
    connection: (client: number | 'all', action: SimConnectionAction, amount?: number) =>
      call('POST', `/connections/${client}`, { action, amount }),
    setLink: (
      state: 'down' | 'broken' | 'up-data-lost' | 'up-data-kept',
      options: boolean | SimLink = {},
    ) =>
      call('PUT', '/link', {
        state,
        ...(typeof options === 'boolean' ? { silent: options } : options),
      }),
    restart: (options: { rollBackIds?: number; downMs?: number } = {}) =>
      call<{ nextIds: Record<string, number> }>('POST', '/restart', options),
    journal: (
      filter: {
        since?: number;
        message?: string;
        direction?: string;
        clientId?: number;
        orderRef?: string;
        limit?: number;
      } = {},
    ) => call<{ lastSeq: number; entries: SimJournalEntry[] }>('GET', `/journal?${query(filter)}`),
    frames: (orderRef?: string) => call<SimFrameCount[]>('GET', `/frames?${query({ orderRef })}`),
  };
}

/** The client that `simControl` returns. */
export type SimControl = ReturnType<typeof simControl>;
