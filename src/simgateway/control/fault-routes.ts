// Arming faults, and the barriers that wait.
import { REQUEST_SORTS } from '../faults/fault-row.ts';
import { faultKinds, faultProblem } from '../faults/fault-plan.ts';
import type { FaultRequest } from '../faults/fault-plan.ts';
import { bool, ControlError, decimal, int, oneOf, required, text } from './field.ts';
import { route } from './route.ts';

/** The fields of a fault. */
const faultFields = {
  kind: required(text('one of `GET /fault-kinds`')),
  times: int('how often it strikes (1)', { min: 1 }),
  skip: int('lets so many matching messages pass first (0)', { min: 0 }),
  clientId: int('only this client'),
  orderRef: text('only messages about orders with this orderRef'),
  message: text('only this message, by its name in the journal'),
  on: oneOf('requests: only this sort', REQUEST_SORTS),
  chancePercent: int('how likely a match is struck (100), drawn from the seed', { min: 0 }),
  afterMs: int('exchange milliseconds until it may strike (0)', { min: 0 }),
  scope: oneOf('bound to the first connection it meets, gone with it', ['connection']),
  code: int('error code'),
  text: text('error text'),
  reset: bool('ends connections with a TCP reset'),
  delayMs: int('exchange milliseconds', { min: 0 }),
  jitterMs: int('up to so many milliseconds more, drawn from the seed', { min: 0 }),
  account: text('account to name'),
  shares: int('how many', { min: 1 }),
  price: decimal('price'),
  bytes: int('how many', { min: 1 }),
};

/** Routes for faults. */
export const faultRoutes = {
  faultKinds: route('GET', '/fault-kinds', 'Every kind of fault', {}, () => faultKinds()),
  faults: route('GET', '/faults', 'The armed faults', {}, (sim) => sim.faults.list()),
  armFault: route('POST', '/faults', 'Arms a fault', faultFields, (sim, input) => {
    const request: FaultRequest = input;
    const problem = faultProblem(request);
    if (problem !== undefined) throw new ControlError(400, problem);
    return sim.faults.arm(request);
  }),
  clearFaults: route('DELETE', '/faults', 'Disarms all', {}, (sim) => {
    sim.faults.disarm();
    return {};
  }),
  clearFault: route('DELETE', '/faults/:id', 'Disarms one', {}, (sim, { id }) => {
    sim.faults.disarm(Number(id));
    return {};
  }),
  holds: route('GET', '/holds', 'Barriers that wait, with the decoded request', {}, (sim) =>
    sim.holds.list(),
  ),
  releaseHold: route(
    'POST',
    '/holds/:id/release',
    'Lets a barrier go',
    {
      action: oneOf('`proceed` unless given; `swallow` forgets, `drop` ends the connection', [
        'proceed',
        'swallow',
        'drop',
      ]),
    },
    (sim, { id, action }) => {
      if (!sim.holds.release(Number(id), action ?? 'proceed')) {
        throw new ControlError(404, `no hold ${id}`);
      }
      return {};
    },
  ),
};
