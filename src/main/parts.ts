import { readFileSync } from 'node:fs';
import { createReadPortClient } from '../broker/read-port/client.ts';
import { ConfigurationError, type Settings } from '../config/env.ts';
import { breachAction, findBreaches, type Breach } from '../domain/approval/breaches.ts';
import type { ApprovalEnvelope } from '../domain/order/envelope.ts';
import type { OrderTerms } from '../domain/order/intent.ts';
import { evaluateWithNearest } from '../domain/risk/nearest.ts';
import type { GateFacts } from '../domain/risk/facts.ts';
import type { BreachAction } from '../domain/risk/policy.ts';
import type { Verdict } from '../domain/risk/rule.ts';
import { createPgStore } from '../store/pg/store.ts';
import type { Store } from '../store/port.ts';
import type { GateEvaluation } from '../store/port/ledger.ts';
import type { TemporalAddress } from '../temporal/connection.ts';
import type { OrderTimes } from '../temporal/order-workflows.ts';
import type { PolicyInForce } from './policy-in-force.ts';

/** Parts that several processes are composed of, each made from the settings. */

/** The gate by whatever policy is in force when it is asked. */
export function gate({ current }: PolicyInForce, { ENV }: Settings): Gate {
  return {
    evaluate: (terms, facts) => evaluateWithNearest(terms, facts, current()),
    findBreaches: (envelope, facts, verdict) => findBreaches(envelope, facts, verdict, current()),
    actionOn: (breaches) => breachAction(breaches, current()),
    signalsCount: () => current().channels.temporal[ENV],
  };
}

export type Gate = {
  readonly evaluate: (terms: OrderTerms, facts: GateFacts) => GateEvaluation;
  readonly findBreaches: (
    envelope: ApprovalEnvelope,
    facts: GateFacts,
    verdict: Verdict,
  ) => readonly Breach[];
  readonly actionOn: (breaches: readonly Breach[]) => BreachAction;
  readonly signalsCount: () => boolean;
};

/** The store of the application role. */
export function openStore(settings: Settings): Promise<Store> {
  return createPgStore({
    databaseUrl: required(settings, 'DATABASE_URL'),
    accountGroup: settings.IBKR_ACCOUNT_GROUP,
  });
}

/** The client of the gateway process's internal read port. */
export function brokerReads(settings: Settings): ReturnType<typeof createReadPortClient> {
  return createReadPortClient({
    baseUrl: `http://127.0.0.1:${settings.GATEWAY_PORT}`,
    secret: gatewaySecret(settings),
  });
}

/** The secret that the gateway's read port asks for. */
export function gatewaySecret(settings: Settings): string {
  const secret = readFileSync(required(settings, 'GATEWAY_SECRET_FILE'), 'utf8').trim();
  if (secret.length < 32) {
    throw new ConfigurationError('The environment is not valid', [
      'GATEWAY_SECRET_FILE: shorter than 32 characters',
    ]);
  }
  return secret;
}

export function temporalAddress(settings: Settings): TemporalAddress {
  return {
    address: required(settings, 'TEMPORAL_ADDRESS'),
    namespace: settings.TEMPORAL_NAMESPACE,
  };
}

/** In production two proofs of absence lie a minute apart; a simulated broker is quicker to be sure of. */
export function orderTimes(settings: Settings): OrderTimes {
  return settings.ENV === 'dev'
    ? { quarantineMs: 3000, acknowledgeWithinMs: 3000 }
    : { quarantineMs: 60_000, acknowledgeWithinMs: 10_000 };
}

function required(
  settings: Settings,
  name: 'DATABASE_URL' | 'TEMPORAL_ADDRESS' | 'GATEWAY_SECRET_FILE',
): string {
  const value = settings[name];
  if (value !== undefined) return value;
  throw new ConfigurationError('The environment is not valid', [
    `${name}: is required (npm start sets it)`,
  ]);
}
