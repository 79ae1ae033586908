import type { LinkReason } from '../../domain/link-reason.ts';

/** What TWS tells a whole session (id -1), as far as it changes what the session may do (reference note 3.5). */
export type Notice =
  | { readonly kind: 'refused'; readonly reason: LinkReason; readonly isBusy: boolean }
  | { readonly kind: 'link-lost'; readonly reason: LinkReason }
  | { readonly kind: 'link-back'; readonly dataLost: boolean }
  | { readonly kind: 'farm-up' };

const notices: ReadonlyMap<number, Notice> = new Map<number, Notice>([
  [326, { kind: 'refused', reason: 'client-id-in-use', isBusy: true }],
  [1300, { kind: 'refused', reason: 'port-moved', isBusy: false }],
  [1100, { kind: 'link-lost', reason: 'ibkr-link-lost' }],
  [2110, { kind: 'link-lost', reason: 'server-link-lost' }],
  [1101, { kind: 'link-back', dataLost: true }],
  [1102, { kind: 'link-back', dataLost: false }],
  // Said at the start of every session that has its link.
  [2104, { kind: 'farm-up' }],
  [2106, { kind: 'farm-up' }],
]);

/** Undefined for everything that is information only. */
export function noticeOf(code: number): Notice | undefined {
  return notices.get(code);
}

/** How a session says that TWS itself is cut off, by the code that told it. */
export function cutOff(code: number): { readonly reason: LinkReason; readonly detail: string } {
  const notice = noticeOf(code);
  const reason = notice?.kind === 'link-lost' ? notice.reason : 'ibkr-link-lost';
  return { reason, detail: `TWS has lost its link to IBKR (${code})` };
}
