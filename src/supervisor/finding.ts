// What a look at the machine gives (`countersign doctor`), as text, and the exit code that it amounts to.
// The looking is done in checks/; this file decides nothing about the machine.

/** What one look at the machine found. */
export type Finding = {
  readonly name: string;
  /** `unknown`: could not be looked at, which is no fault. */
  readonly state: 'ok' | 'warning' | 'missing' | 'unknown';
  readonly text: string;
  /** What to do about it, as a sentence or a command. */
  readonly fix?: string;
  /** The exit code that this finding asks for; counts only when `missing`. */
  readonly exitCode?: number;
};

const marks = { ok: '✓', warning: '!', missing: '✗', unknown: '·' } as const;
// A wrong configuration first: it explains the rest.
const precedence = [78, 73, 69, 75];

/** One line per finding, what to do below it, and a sum. */
export function renderFindings(findings: readonly Finding[]): string[] {
  const lines = findings.flatMap(({ name, state, text, fix }) => [
    `${marks[state]} ${name.padEnd(14)}${text}`,
    ...(fix === undefined || state === 'ok' ? [] : [`${' '.repeat(16)}→ ${fix}`]),
  ]);
  const missing = findings.filter(({ state }) => state === 'missing').length;
  const sum =
    missing === 0 ? 'Nothing is missing.' : `${missing} of ${findings.length} to put right.`;
  return [...lines, '', sum];
}

/** 0 when nothing is missing, else the most telling code among the findings (at least 69). */
export function exitCodeOf(findings: readonly Finding[]): number {
  const codes = findings
    .filter(({ state }) => state === 'missing')
    .map(({ exitCode }) => exitCode ?? 69);
  return precedence.find((code) => codes.includes(code)) ?? codes[0] ?? 0;
}
