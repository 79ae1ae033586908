import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

const shipped = new URL('../../config/environments/dev/risk_policy.yml', import.meta.url);

/** The shipped policy of dev with other values at some places, e.g. `['rules', 'duplicate', 'enabled']`. */
export function policyFile(
  changes: readonly (readonly [place: readonly string[], value: unknown])[],
): { readonly file: string; readonly remove: () => void } {
  const policy = parseDocument(readFileSync(shipped, 'utf8'));
  for (const [place, value] of changes) {
    if (!policy.hasIn(place)) throw new Error(`the policy has no ${place.join('.')}`);
    policy.setIn(place, value);
  }
  const home = mkdtempSync(join(tmpdir(), 'countersign-policy-'));
  const file = join(home, 'risk_policy.yml');
  writeFileSync(file, policy.toString());
  return {
    file,
    remove: () => {
      rmSync(home, { recursive: true, force: true });
    },
  };
}
