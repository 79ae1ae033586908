import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateLog } from '../../src/simgateway/state/state-log.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-log-'));
  file = join(folder, 'state.jsonl');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A log that keeps the newest value of each key. */
function open(options: { compactFrom?: number; sync?: boolean } = {}) {
  const values = new Map<string, number>();
  const log = openStateLog({
    file,
    sync: options.sync ?? false,
    replay: (record) => {
      const { key, value } = record as { key: string; value: number };
      values.set(key, value);
    },
    snapshot: () => [...values].map(([key, value]) => ({ key, value })),
    ...(options.compactFrom === undefined ? {} : { compactFrom: options.compactFrom }),
  });
  const set = (key: string, value: number) => {
    values.set(key, value);
    log.append({ key, value });
    log.commit();
  };
  return { log, values, set };
}
const lines = () => readFileSync(file, 'utf8').trimEnd().split('\n');

describe('the state file', () => {
  it('keeps what was committed and cuts a torn end', () => {
    const first = open({ sync: true });
    first.set('a', 1);
    first.set('a', 2);
    first.set('b', 3);
    first.log.close();
    appendFileSync(file, '{"key":"a","val');
    const second = open();
    expect([...second.values]).toEqual([
      ['a', 2],
      ['b', 3],
    ]);
    // Opened, it holds only what is still true.
    expect(lines()).toHaveLength(3);
    second.log.close();
  });

  it('is written anew when it has grown, and goes on from there', () => {
    const { log, set } = open({ compactFrom: 2_000 });
    for (let i = 0; i < 1_000; i += 1) set('a', i);
    expect(statSync(file).size).toBeLessThan(2_100);
    log.close();
    const again = open();
    expect(again.values.get('a')).toBe(999);
    again.log.close();
  });

  it('is one gateway’s at a time', () => {
    const { log } = open();
    expect(() => open()).toThrow(`in use by the gateway with process id ${process.pid}`);
    log.close();
    expect(existsSync(`${file}.lock`)).toBe(false);
    writeFileSync(`${file}.lock`, `${process.ppid} 1\n`);
    // The process lives, but it is not the one that took the lock: that one started at another time.
    open().log.close();
  });

  it('refuses another format and damage, and leaves the file and the lock as they were', () => {
    writeFileSync(file, '{"t":"order"}\n');
    expect(() => open()).toThrow('has format 1, and this gateway writes format 2');
    writeFileSync(file, '{"t":"simgateway-state","version":3}\n');
    expect(() => open()).toThrow('has format 3');
    writeFileSync(file, '{"t":"simgateway-state","version":2}\n{"key":\n{"key":"a","value":1}\n');
    expect(() => open()).toThrow('line 2 is not JSON');
    expect(lines()).toHaveLength(3);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it('can be emptied', () => {
    const { log, set } = open();
    set('a', 1);
    log.erase();
    log.close();
    const again = open();
    expect(again.values.size).toBe(0);
    again.log.close();
  });
});
