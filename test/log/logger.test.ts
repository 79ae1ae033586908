import { describe, expect, it } from 'vitest';
import { logger, scrub } from '../../src/log/logger.ts';
import { mintAgentKey, mintToken } from '../../src/operations/access/secrets.ts';

describe('the log', () => {
  it('hides secrets by the name of the field and by their look', () => {
    const lines: string[] = [];
    const log = logger('test', 'info', { write: (line) => lines.push(line) });
    const { key } = mintAgentKey();
    const { token } = mintToken('css');
    log.info({ headers: { authorization: `Bearer ${key}` }, token }, `failed with ${key}`);
    log.error({ err: new Error(`postgres://app:hunter2@db/x and ${token}`) }, 'database');
    const text = lines.join('');
    for (const secret of [key, token, 'hunter2']) expect(text).not.toContain(secret);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('cannot be forged by a line break', () => {
    const lines: string[] = [];
    const log = logger('test', 'info', { write: (line) => lines.push(line) });
    log.info({ reason: 'fine\n{"level":60,"msg":"forged"}' }, 'a reason');
    expect(lines.join('').trim().split('\n')).toHaveLength(1);
  });

  it('leaves harmless text alone', () => {
    expect(scrub('order int_0123 of AAPL at 189.50')).toBe('order int_0123 of AAPL at 189.50');
  });
});
