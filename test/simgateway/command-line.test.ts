import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helpText, OPTIONS, readCommandLine } from '../../src/simgateway/command-line.ts';
import { parseScript } from '../../src/simgateway/faults/fault-script.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-line-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the command line', () => {
  it('reads every option', () => {
    const script = join(folder, 'faults.jsonl');
    writeFileSync(script, '{"kind":"swallow"}\n');
    const { options, isHelp, isJson } = readCommandLine([
      ...['--port', '0', '--control-port', '1', '--host', '0.0.0.0', '--seed', '9'],
      ...['--accounts', 'DU1234567, DU7654321:250000.50:EUR', '--pricing', 'tiered'],
      ...['--clock', 'virtual', '--start', '2026-04-14T16:00:00Z', '--rate', '2.5'],
      ...['--fill-policy', 'manual', '--faults', script, '--state', 'x', '--sync'],
      ...['--server-version', '178', '--master-client-id', '5', '--read-only-api'],
      ...['--no-pacing', '--historical-pacing', '--max-connections', '3', '--json'],
    ]);
    expect(options).toEqual({
      port: 0,
      controlPort: 1,
      host: '0.0.0.0',
      seed: 9,
      accounts: [{ id: 'DU1234567' }, { id: 'DU7654321', cash: 250_000_500_000, currency: 'EUR' }],
      pricing: 'tiered',
      clock: 'virtual',
      clockStart: Date.parse('2026-04-14T16:00:00Z'),
      rate: 2.5,
      fillPolicy: { mode: 'manual' },
      script: [{ kind: 'swallow' }],
      stateFile: 'x',
      sync: true,
      serverVersion: 178,
      masterClientId: 5,
      readOnly: true,
      pacing: false,
      historicalPacing: true,
      maxConnections: 3,
    });
    expect([isHelp, isJson]).toEqual([false, true]);
  });

  it.each([
    [['--port', '70000'], '--port must be a whole number from 0 to 65535'],
    [['--seed', '1.5'], '--seed'],
    [['--clock', 'noon'], '--clock must be an ISO instant'],
    [['--rate', '0'], '--rate'],
    [['--accounts', 'me'], "not 'me'"],
    [['--accounts', 'DU1234567:lots'], '--accounts'],
    [['--accounts', 'DU1234567:1:euro'], "'euro' is not a currency"],
    [['--fill-policy', 'partial'], '--fill-policy'],
    [['--faults', '/nowhere/faults'], 'cannot be read (ENOENT)'],
    [['--bogus'], '--bogus'],
    [['stray'], 'stray'],
  ])('refuses %j in a sentence', (args, sentence) => {
    expect(() => readCommandLine(args)).toThrow(sentence);
  });

  it('names every option in its help', () => {
    for (const { name } of OPTIONS) expect(helpText()).toContain(`--${name}`);
  });
});

describe('a script', () => {
  it('is a JSON object a line, with comments and empty lines between', () => {
    const text = [
      '# what goes wrong',
      '{"kind":"swallow","on":"cancel"}',
      '',
      '- {"at":5000,"do":"setLink","state":"down"}',
      '  // and comes back',
      '{"on":{"message":"placeOrder","nth":3},"do":"setLink","state":"up-data-kept"}',
    ].join('\n');
    expect(parseScript(text)).toEqual([
      { kind: 'swallow', on: 'cancel' },
      { at: 5000, do: 'setLink', state: 'down' },
      { on: { message: 'placeOrder', nth: 3 }, do: 'setLink', state: 'up-data-kept' },
    ]);
  });

  it.each([
    ['{"kind":"swalow"}', "line 1: unknown fault 'swalow'"],
    ['\n{"kind":"swallow","tmes":2}', "line 2: unknown field 'tmes'"],
    ['{"kind":"what-if-unanswered","on":"cancel"}', 'strikes only what-if'],
    ['{"kind":"missing-message"}', "needs a 'message'"],
    ['{"do":"setLnk"}', "unknown call 'setLnk'"],
    ['{"do":"setLink"}', "field 'state' is required"],
    ['{"do":"reset","at":"noon"}', "'at' must be"],
    ['{"kind":"swallow","on":{"message":"placeOrder","nth":0}}', "'nth' must be at least 1"],
    ['[]', 'line 1: a step is a JSON object'],
    ['{', 'line 1: '],
  ])('refuses %j', (text, problem) => {
    expect(() => parseScript(text)).toThrow(problem);
  });
});
