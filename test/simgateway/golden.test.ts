// The golden dialogues, byte for byte. After a wanted change of the wire:
// GOLDEN=write npx vitest run test/simgateway/golden.test.ts, then read what changed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectedOf, play, written } from './golden/dialogue.ts';

const folder = new URL('./golden/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

describe('golden dialogues', () => {
  it.each(files)('%s', async (name) => {
    const text = read(name);
    const steps = await play(text);
    if (process.env.GOLDEN === 'write') {
      writeFileSync(new URL(name, folder), written(text, steps));
      return;
    }
    // As text first, where a difference is easy to see; then the bytes themselves.
    expect(written(text, steps)).toBe(text);
    const expected = expectedOf(text);
    expect(steps.map((s) => s.received)).toEqual(expected);
  });

  it('are there for every version that clients commonly negotiate', () => {
    const names = [...new Set(files.map((name) => name.replace(/\.\d+\.txt$/, '')))];
    expect(names.length).toBeGreaterThanOrEqual(8);
    expect(files.toSorted()).toEqual(
      names.flatMap((name) => [178, 193, 200].map((v) => `${name}.${v}.txt`)).toSorted(),
    );
  });

  it('notices a changed byte', async () => {
    const text = read('bootstrap.193.txt');
    const steps = await play(text);
    const broken = text.replace('DU1234567', 'DU1234568');
    expect(written(text, steps)).not.toBe(broken);
    expect(steps.map((s) => s.received)).not.toEqual(expectedOf(broken));
  });
});
