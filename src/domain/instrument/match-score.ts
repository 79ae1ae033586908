import type { Contract } from './contract.ts';

/**
 * How well a contract fits the words of a caller, 0 to 1 in steps of a hundredth. From `surelyMeant` on, a contract
 * that nothing else rivals may be taken as meant; what only resembles the words (a slip of the pen, a beginning, a part
 * of a name) never gets there, so that nothing is guessed.
 *
 *   1.00  the symbol, or the exchange's own name, letter by letter
 *   0.97  the same but for separators and case: `brk.b` for `BRK B`
 *   0.96  the issuer's whole name, but for case, punctuation and its legal form: `apple` for `APPLE INC`
 *   0.94  at most: a beginning of the symbol (longer is better), then all words in the name, then a likeness
 */
export const surelyMeant = 0.95;

/** Below it a contract is not worth telling as an alternative. */
export const worthTelling = 0.3;

const legalForms: ReadonlySet<string> = new Set(
  'AB AG ASA BV CO COMPANY CORP CORPORATION INC INCORPORATED KK LLC LP LTD LIMITED NV OYJ PLC SA SE SPA THE'.split(
    ' ',
  ),
);

type Named = Pick<Contract, 'symbol' | 'longName'> & { readonly localSymbol?: string };

/** The score of one contract; `text` is a symbol or a name. Case never matters, blanks at the ends neither. */
export function matchScore(text: string, contract: Named): number {
  const said = text.trim().toUpperCase();
  if (said === '') return 0;
  const symbols = [contract.symbol, contract.localSymbol ?? ''].map((one) => one.toUpperCase());
  if (symbols.includes(said)) return 1;
  const bare = bareOf(said);
  if (bare !== '' && symbols.some((symbol) => bareOf(symbol) === bare)) return 0.97;
  const words = wordsOf(said);
  const name = wordsOf(contract.longName);
  if (words.length > 0 && words.join(' ') === name.join(' ')) return 0.96;
  const scores = [beginning(bare, bareOf(contract.symbol)), inName(words, name)];
  return Math.round(100 * Math.max(...scores, likeness(bare, bareOf(contract.symbol)))) / 100;
}

/** The contracts with their scores, best first; of equals the one with the lower conId. */
export function ranked<C extends Contract>(
  text: string,
  contracts: readonly C[],
): readonly { readonly contract: C; readonly score: number }[] {
  return contracts
    .map((contract) => ({ contract, score: matchScore(text, contract) }))
    .sort((a, b) => b.score - a.score || a.contract.conId - b.contract.conId);
}

/** Letters and digits alone. */
function bareOf(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

/** The words of a name without its legal form, unless it has nothing else. */
function wordsOf(text: string): readonly string[] {
  const all = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '');
  const telling = all.filter((word) => !legalForms.has(word));
  return telling.length > 0 ? telling : all;
}

/** 0.60 to 0.94. */
function beginning(said: string, symbol: string): number {
  if (said === '' || symbol === '' || !symbol.startsWith(said)) return 0;
  return 0.6 + 0.34 * (said.length / symbol.length);
}

/** 0.50 to 0.90: every word begins a word of the name; the more of the name is said, the better. */
function inName(words: readonly string[], name: readonly string[]): number {
  const isIn = words.every((word) => name.some((one) => one.startsWith(word)));
  if (words.length === 0 || !isIn) return 0;
  return 0.5 + 0.4 * Math.min(1, words.join('').length / name.join('').length);
}

/** At most 0.50: pairs of letters that both have (Dice's coefficient), for a slip of the pen. */
function likeness(a: string, b: string): number {
  const pairs = (text: string): string[] =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
  const [left, right] = [pairs(a), pairs(b)];
  if (left.length === 0 || right.length === 0) return 0;
  const rest = [...right];
  let common = 0;
  for (const pair of left) {
    const at = rest.indexOf(pair);
    if (at < 0) continue;
    rest.splice(at, 1);
    common += 1;
  }
  return 0.5 * ((2 * common) / (left.length + right.length));
}
