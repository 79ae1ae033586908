import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { installedMatchesLock, lockStamp, packagesMatch } from '../../tools/setup/packages.mjs';

const entry = { version: '1.0.0', integrity: 'sha512-a' };
const lock = { packages: { '': {}, 'node_modules/a': entry } };
const dirs: string[] = [];

afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function makeCheckout(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'packages-'));
  dirs.push(dir);
  mkdirSync(join(dir, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

test.each([
  ['the same package', { 'node_modules/a': entry }, true],
  [
    'a further package that somebody added',
    { 'node_modules/a': entry, 'node_modules/b': entry },
    true,
  ],
  ['another version', { 'node_modules/a': { ...entry, version: '1.0.1' } }, false],
  [
    'other content under the same version',
    { 'node_modules/a': { ...entry, integrity: 'x' } },
    false,
  ],
  ['nothing', {}, false],
])('an install with %s: matches = %s', (_, packages, expected) => {
  expect(installedMatchesLock(lock, { packages })).toBe(expected);
});

test('an optional package of another platform may be missing', () => {
  const optional = { packages: { 'node_modules/mac-only': { ...entry, optional: true } } };
  expect(installedMatchesLock(optional, { packages: {} })).toBe(true);
});

test('a stamp of the same lock answers without a look at the packages', () => {
  const text = JSON.stringify(lock);
  const checkout = makeCheckout({
    'package-lock.json': text,
    'node_modules/.countersign-lock': lockStamp(text),
  });
  expect(packagesMatch(checkout)).toBe(true);
});

test('a stamp of an older lock counts for nothing', () => {
  const checkout = makeCheckout({
    'package-lock.json': JSON.stringify(lock),
    'node_modules/.countersign-lock': lockStamp('{"packages":{}}'),
  });
  expect(packagesMatch(checkout)).toBe(false);
});

test('an install that somebody made by hand is believed', () => {
  const text = JSON.stringify(lock);
  const checkout = makeCheckout({
    'package-lock.json': text,
    'node_modules/.package-lock.json': text,
  });
  expect(packagesMatch(checkout)).toBe(true);
});

test('an interrupted install does not match', () => {
  expect(packagesMatch(makeCheckout({ 'package-lock.json': JSON.stringify(lock) }))).toBe(false);
});

test('a linked node_modules is read but never written', () => {
  const text = JSON.stringify(lock);
  const shared = makeCheckout({ 'node_modules/.package-lock.json': text });
  const checkout = makeCheckout({ 'package-lock.json': text });
  rmSync(join(checkout, 'node_modules'), { recursive: true });
  symlinkSync(join(shared, 'node_modules'), join(checkout, 'node_modules'));
  expect(packagesMatch(checkout)).toBe(true);
  rmSync(join(shared, 'node_modules', '.package-lock.json'));
  expect(packagesMatch(checkout)).toBe(false);
});
