import { ConfigurationError, type Settings } from '../config/env.ts';
import { parseRiskPolicy, readPolicyText, shippedPolicyFile } from '../config/risk-policy.ts';
import type { Actor } from '../domain/audit/event.ts';
import { GatewayError } from '../domain/errors.ts';
import { policyChanges } from '../domain/risk/policy-changes.ts';
import type { RiskPolicy } from '../domain/risk/policy.ts';
import type { PolicyReloaded } from '../operations/operation.ts';
import type { Policies } from '../store/port/policies.ts';
import type { ProcessName } from './presence.ts';

/**
 * The policy in force as this process knows it. The database says which one that is; it is asked twice a second, and
 * a process that has not been answered for five seconds has none.
 */
export type PolicyInForce = {
  /** Throws `STORE_UNAVAILABLE` where it is not known any more. */
  readonly current: () => RiskPolicy;
  /** The last one known, however long ago: to be shown, not to judge by. */
  readonly lastKnown: () => RiskPolicy;
  readonly reload: (expectedHash: string | null, actor: Actor) => Promise<PolicyReloaded>;
  readonly stop: () => void;
};

const pollMs = 500;
const forgetAfterMs = 5000;
const firstWithinMs = 30_000;

/**
 * Follows the policy in force. At the start of a process of ours the file's is put in force where none is, and in dev
 * also instead of another; a process that serves agents changes nothing and waits until there is one.
 */
export async function policyInForce(
  policies: Policies,
  settings: Settings,
  starter: ProcessName,
): Promise<PolicyInForce> {
  const actor: Actor = { kind: 'system', id: starter, channel: 'system' };
  if (!servesAgents(starter)) {
    const { source, policy } = readFile(settings);
    const { hash, version } = policy;
    await policies.begin({ hash, version, source }, settings.ENV === 'dev', actor);
  }
  let known = await firstKnown(policies, settings);
  let knownAt = performance.now();
  let lastFailure: unknown = null;
  const refresh = async (): Promise<void> => {
    const askedAt = performance.now();
    if ((await policies.activeHash()) !== known.hash) {
      const stored = await policies.active();
      if (stored === null) throw new GatewayError('STORE_UNAVAILABLE', 'no policy is in force');
      known = parseStored(stored.source, stored.hash, settings);
    }
    knownAt = askedAt;
  };
  const timer = setInterval(() => {
    // A failure is no news by itself: whoever needs the policy is told, with its cause, once it is too old.
    refresh().catch((failure: unknown) => {
      lastFailure = failure;
    });
  }, pollMs);
  timer.unref();
  return {
    current() {
      if (performance.now() - knownAt <= forgetAfterMs) return known;
      throw new GatewayError('STORE_UNAVAILABLE', 'which policy is in force is not known', {
        cause: lastFailure,
      });
    },
    lastKnown: () => known,
    async reload(expectedHash, by) {
      await refresh();
      return reload(policies, settings, { before: known, expectedHash, by }).finally(refresh);
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}

function servesAgents(starter: ProcessName): boolean {
  return starter === 'mcp' || starter === 'mcp-stdio';
}

/** Waits for another process to bring one. */
async function firstKnown(policies: Policies, settings: Settings): Promise<RiskPolicy> {
  const deadline = performance.now() + firstWithinMs;
  for (;;) {
    const stored = await policies.active();
    if (stored !== null) return parseStored(stored.source, stored.hash, settings);
    if (performance.now() > deadline) {
      throw new GatewayError('STORE_UNAVAILABLE', 'no policy is in force: start Countersign first');
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function reload(
  policies: Policies,
  settings: Settings,
  asked: { readonly before: RiskPolicy; readonly expectedHash: string | null; readonly by: Actor },
): Promise<PolicyReloaded> {
  const { before, expectedHash, by } = asked;
  const { source, policy } = readAgain(settings);
  const { hash, version } = policy;
  if (expectedHash !== null && expectedHash !== hash) {
    throw new GatewayError('VALIDATION', `The policy file has the hash ${hash}.`, {
      hint: 'Look at the file again: it is not the one that was checked.',
    });
  }
  const told = { hash, version, previousHash: before.hash, changes: policyChanges(before, policy) };
  if (hash === before.hash) return { outcome: 'unchanged', ...told };
  const outcome = await policies.reload({
    policy: { hash, version, source },
    previousHash: before.hash,
    changes: told.changes,
    needsTwo: settings.ENV === 'live',
    actor: by,
  });
  if (outcome.kind !== 'superseded') return { outcome: outcome.kind, ...told };
  throw new GatewayError('STORE_UNAVAILABLE', 'Somebody else has changed the policy meanwhile.', {
    hint: 'Look at get_policy and decide again.',
  });
}

function readFile(settings: Settings): { readonly source: string; readonly policy: RiskPolicy } {
  const path = settings.RISK_POLICY_FILE ?? shippedPolicyFile(settings.ENV);
  const source = readPolicyText(path);
  return { source, policy: parseRiskPolicy(source, path, settings.ENV) };
}

/** As above, with what is wrong told to the operator who asked. */
function readAgain(settings: Settings): ReturnType<typeof readFile> {
  try {
    return readFile(settings);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new GatewayError('VALIDATION', 'The policy file is not valid; nothing has changed.', {
      hint: 'Correct the file; `countersign policy check` shows the same problems.',
      problems: error.problems.map((message) => ({ pointer: '', message })),
    });
  }
}

/** A text that another version of this program has stored may not fit any more: then there is no policy. */
function parseStored(source: string, hash: string, settings: Settings): RiskPolicy {
  const policy = parseRiskPolicy(source, 'the policy in force', settings.ENV);
  if (policy.hash !== hash) {
    throw new ConfigurationError('The policy in force cannot be used', [`its hash is not ${hash}`]);
  }
  return policy;
}
