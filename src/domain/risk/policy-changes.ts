/** One key that differs between two policies; null = the key is not there. Values are JSON texts. */
export type PolicyChange = {
  readonly key: string;
  readonly from: string | null;
  readonly to: string | null;
};

/** Every key whose value differs, in alphabetical order, lists as a whole; empty = the same policy. */
export function policyChanges(before: object, after: object): readonly PolicyChange[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  return keys.flatMap((key) => {
    const [from, to] = [old.get(key) ?? null, now.get(key) ?? null];
    return from === to ? [] : [{ key, from, to }];
  });
}

function leavesOf(node: object, path = ''): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  for (const [name, value] of Object.entries(node) as [string, unknown][]) {
    const key = path === '' ? name : `${path}.${name}`;
    if (key === 'hash' || value === undefined) continue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, text] of leavesOf(value, key)) leaves.set(inner, text);
    } else leaves.set(key, JSON.stringify(value));
  }
  return leaves;
}
