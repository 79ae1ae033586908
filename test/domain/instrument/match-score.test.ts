import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConId } from '../../../src/domain/ids.ts';
import { matchScore, ranked, surelyMeant } from '../../../src/domain/instrument/match-score.ts';
import { contract } from '../gate-facts.ts';

const brk = { symbol: 'BRK B', longName: 'BERKSHIRE HATHAWAY INC-CL B' };
const apple = { symbol: 'AAPL', longName: 'APPLE INC' };

describe('the score of a match', () => {
  it.each([
    ['AAPL', apple, 1],
    ['aapl', apple, 1],
    ['brk.b', brk, 0.97],
    ['Apple', apple, 0.96],
    ['Apple, Inc.', apple, 0.96],
    ['ESZ6', { symbol: 'ES', longName: 'E-mini S&P 500', localSymbol: 'ESZ6' }, 1],
    ['Société Générale SA', { symbol: 'GLE', longName: 'SOCIETE GENERALE SA' }, 0.96],
  ])('%s for %j is %d: surely meant', (text, found, score) => {
    expect(matchScore(text, found)).toBe(score);
    expect(score).toBeGreaterThanOrEqual(surelyMeant);
  });

  it.each([
    ['AAP', apple],
    ['AALP', apple],
    ['APLE', apple],
    ['Berkshire', brk],
    ['BRK', brk],
    ['INC', apple],
  ])('%s for %j is likely at most', (text, found) => {
    expect(matchScore(text, found)).toBeLessThan(surelyMeant);
  });

  it('knows nothing in common', () => {
    expect(matchScore('ZZZZ', apple)).toBe(0);
    expect(matchScore('  ', apple)).toBe(0);
  });

  const text = fc.string({ maxLength: 20 });
  const named = fc.record({ symbol: text, longName: text });

  it('stays within 0 and 1, in hundredths, whatever is said', () => {
    fc.assert(
      fc.property(text, named, (said, found) => {
        const score = matchScore(said, found);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(Math.round(score * 100) / 100).toBe(score);
      }),
    );
  });

  it('is 1 exactly for the symbol, and never cares about case', () => {
    const symbol = fc.stringMatching(/^[A-Z]{1,8}$/);
    fc.assert(
      fc.property(symbol, symbol, (said, other) => {
        const found = { symbol: other, longName: '' };
        expect(matchScore(said, found) === 1).toBe(said === other);
        expect(matchScore(said.toLowerCase(), found)).toBe(matchScore(said, found));
      }),
    );
  });

  it('a longer beginning never scores less', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{3,10}$/), fc.nat(), (symbol, at) => {
        const length = 1 + (at % (symbol.length - 1));
        const found = { symbol, longName: '' };
        const shorter = matchScore(symbol.slice(0, length), found);
        expect(matchScore(symbol.slice(0, length + 1), found)).toBeGreaterThanOrEqual(shorter);
      }),
    );
  });

  it('a text of a symbol with one letter wrong is never surely meant', () => {
    const symbol = fc.stringMatching(/^[A-Z]{2,8}$/);
    fc.assert(
      fc.property(symbol, fc.nat(), (right, at) => {
        const index = at % right.length;
        const letter = right[index] === 'Q' ? 'X' : 'Q';
        const wrong = right.slice(0, index) + letter + right.slice(index + 1);
        expect(matchScore(wrong, { symbol: right, longName: '' })).toBeLessThan(surelyMeant);
      }),
    );
  });

  it('ranks the best first and equals by conId', () => {
    const twins = [2, 1].map((id) => ({ ...contract, conId: id as ConId }));
    const scored = ranked('AAPL', [{ ...contract, symbol: 'AAPLX' }, ...twins]);
    expect(scored.map((one) => one.contract.conId)).toEqual([1, 2, contract.conId]);
  });
});
