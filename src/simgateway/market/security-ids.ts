// CUSIP and ISIN with their check digits. Real CUSIPs where they are widely known; other US securities
// get one of the simulation's own, made from the contract id, which passes every check-digit test.

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*@#';
const KNOWN = new Map(
  `AAPL 037833100 MSFT 594918104 AMZN 023135106 GOOGL 02079K305 GOOG 02079K107 META 30303M102
TSLA 88160R101 NVDA 67066G104 AMD 007903107 INTC 458140100 JPM 46625H100 SPY 78462F103
QQQ 46090E103 IBM 459200101 KO 191216100 JNJ 478160104 XOM 30231G102 WMT 931142103 BAC 060505104
DIS 254687106`
    .split(/\s+/)
    .reduce<[string, string][]>((pairs, word, k, all) => {
      if (k % 2 === 0) pairs.push([word, all[k + 1] ?? '']);
      return pairs;
    }, []),
);

/** The ninth character of a CUSIP. */
export function cusipCheck(eight: string): string {
  let sum = 0;
  for (let k = 0; k < 8; k += 1) {
    const value = ALPHABET.indexOf(eight[k] ?? '0') * (k % 2 === 1 ? 2 : 1);
    sum += Math.floor(value / 10) + (value % 10);
  }
  return String((10 - (sum % 10)) % 10);
}

/** The twelfth character of an ISIN. */
export function isinCheck(eleven: string): string {
  const digits = Array.from(eleven, (c) => String(ALPHABET.indexOf(c))).join('');
  let sum = 0;
  for (let k = 0; k < digits.length; k += 1) {
    const value = Number(digits[digits.length - 1 - k]) * (k % 2 === 0 ? 2 : 1);
    sum += Math.floor(value / 10) + (value % 10);
  }
  return String((10 - (sum % 10)) % 10);
}

/** CUSIP of a US security. */
export function cusipOf(symbol: string, conId: number): string {
  const eight = conId.toString(36).toUpperCase().padStart(8, '9');
  return KNOWN.get(symbol) ?? eight + cusipCheck(eight);
}

/** ISIN of a US security. */
export const usIsin = (cusip: string): string => `US${cusip}${isinCheck(`US${cusip}`)}`;
