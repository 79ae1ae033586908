import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parsePasswd } from '../../src/embedded/postgres-user.ts';
import { checkoutName, resolveCacheDir, resolveStateDir } from '../../tools/setup/dirs.mjs';

let dir = '';

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'dirs-')));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

test('directories that the user names are used as they are', () => {
  const env = { COUNTERSIGN_HOME: join(dir, 'home'), COUNTERSIGN_CACHE: join(dir, 'cache') };
  expect(resolveStateDir(dir, env)).toEqual({ dir: env.COUNTERSIGN_HOME });
  expect(resolveCacheDir(env)).toEqual({ dir: env.COUNTERSIGN_CACHE });
});

test('two checkouts of the same name have different state', () => {
  const [a, b] = [join(dir, 'a', 'countersign'), join(dir, 'b', 'countersign')];
  for (const checkout of [a, b]) mkdirSync(checkout, { recursive: true });
  expect(checkoutName(a)).toMatch(/^countersign-[0-9a-f]{8}$/);
  expect(checkoutName(a)).not.toBe(checkoutName(b));
});

test('a directory that cannot be created is refused with its variable', () => {
  writeFileSync(join(dir, 'file'), '');
  const env = { COUNTERSIGN_HOME: join(dir, 'file', 'below') };
  expect(() => resolveStateDir(dir, env)).toThrow(/^COUNTERSIGN_HOME is .*choose another/);
});

test('users are read from a passwd file', () => {
  const text = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n\n';
  expect(parsePasswd(text)).toContainEqual({ name: 'nobody', uid: 65_534, gid: 65_534 });
});
