/**
 * Why the broker link is as it is: a closed list, safe to show to anybody. Text of third parties is never part of it.
 * Adding a reason is adding a row; its sentence is what people read where no detail is at hand.
 */
export const linkReasons = {
  connected: 'Orders can be sent.',
  connecting: 'The first connection is being made.',
  'catching-up': 'Connected; open orders, executions and the portfolio are being read.',
  unreachable: 'Nothing answers at the address of TWS, or the connection ended.',
  'start-incomplete': 'TWS accepted the connection but did not finish the start of a session.',
  'no-answer': 'TWS stopped answering on an open connection.',
  'connection-fault': 'The connection broke, or something unreadable came over it.',
  'client-id-in-use': 'Another connection uses our client id (326).',
  'port-moved': 'TWS has moved its socket port (1300).',
  'ibkr-link-lost': 'TWS has lost its link to IBKR (1100).',
  'server-link-lost': 'TWS has lost its link to the server (2110).',
  'accounts-refused': 'TWS serves accounts that do not belong to this environment.',
  'reconnect-requested': 'Somebody asked for a new connection.',
  'restart-window': 'New orders wait for the end of the daily restart window.',
  closed: 'The gateway process is stopping.',
} as const satisfies Record<string, string>;

export type LinkReason = keyof typeof linkReasons;

/** Every reason, for schemas. */
export const linkReasonCodes = Object.keys(linkReasons) as [LinkReason, ...LinkReason[]];
