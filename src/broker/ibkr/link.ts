import type { LinkState } from '../../domain/risk/facts.ts';
import { instantFromEpochMs } from '../../domain/time/instant.ts';
import type { Clock } from './clock.ts';
import type { SessionStatus } from './session-status.ts';

/** The one link state of two sessions: `ready` only when orders can be sent and facts can be read. */
export type Link = {
  readonly state: () => LinkState;
  readonly report: (name: 'write' | 'read', status: SessionStatus) => void;
};

export function createLink(clock: Clock, onLink: (state: LinkState) => void): Link {
  const initial: SessionStatus = {
    phase: 'connecting',
    isDown: false,
    brokenBy: null,
    detail: 'connecting',
  };
  const sessions = { write: initial, read: initial };
  let current: LinkState = {
    state: 'connecting',
    since: instantFromEpochMs(clock.wallMs()),
    detail: 'connecting to TWS',
  };
  return {
    state: () => current,
    report: (name, status) => {
      sessions[name] = status;
      const { state, detail } = linkOf(sessions.write, sessions.read);
      if (state === current.state && detail === current.detail) return;
      const since = state === current.state ? current.since : instantFromEpochMs(clock.wallMs());
      current = { state, since, detail };
      onLink(current);
    },
  };
}

/** Pure: worst of the two, the order session's words first. */
export function linkOf(
  write: SessionStatus,
  read: SessionStatus,
): Pick<LinkState, 'state' | 'detail'> {
  const named = [
    { name: 'order session', status: write },
    { name: 'read session', status: read },
  ];
  const down = named.find(({ status }) => status.isDown);
  if (down !== undefined) return { state: 'down', detail: `${down.name}: ${down.status.detail}` };
  const absent = named.find(({ status }) => status.phase !== 'ready');
  if (absent !== undefined) {
    return { state: 'connecting', detail: `${absent.name}: ${absent.status.detail}` };
  }
  const broken = named.find(({ status }) => status.brokenBy !== null);
  if (broken !== undefined) return { state: 'degraded', detail: broken.status.detail };
  return { state: 'ready', detail: 'connected to TWS' };
}
