import { randomBytes } from 'node:crypto';
import type { Actor } from '../domain/audit/event.ts';
import { makeId } from '../domain/ids.ts';
import type { Principal } from '../domain/identity/principal.ts';
import type { OperationContext } from './operation.ts';

/** Everything of a context that is the same for every caller. */
export type Ports = Omit<
  OperationContext,
  'principal' | 'actor' | 'requestId' | 'signal' | 'newId'
>;

export type Caller = {
  readonly principal: Principal | null;
  readonly channel: Actor['channel'];
  readonly requestId: string;
  readonly signal: AbortSignal;
};

const newId: OperationContext['newId'] = {
  intent: () => makeId('int', randomBytes(20)),
  decision: () => makeId('dcn', randomBytes(20)),
};

/** The context of one call. */
export function contextFor(ports: Ports, caller: Caller): OperationContext {
  return { ...ports, ...caller, newId, actor: actorOf(caller) };
}

function actorOf({ principal, channel }: Caller): Actor {
  if (principal === null) return { kind: 'system', id: 'anonymous', channel };
  const kind = { agent: 'agent', operator: 'human', service: 'system' } as const;
  return { kind: kind[principal.kind], id: principal.principalId, channel };
}

/** A request id: from a well-formed header, else a new one. */
export function requestIdFrom(header: string | undefined): string {
  return header !== undefined && /^[A-Za-z0-9._-]{8,64}$/.test(header)
    ? header
    : `req_${randomBytes(12).toString('hex')}`;
}
