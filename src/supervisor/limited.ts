/**
 * Passes at most `count` texts per `windowMs` on, so that a failing process cannot flood the console;
 * what was left out is in its log.
 */
export function limited(
  count: number,
  windowMs: number,
  pass: (text: string) => void,
): (text: string) => void {
  let windowStartedAt = -Infinity;
  let passed = 0;
  return (text) => {
    const now = performance.now();
    if (now - windowStartedAt > windowMs) {
      windowStartedAt = now;
      passed = 0;
    }
    passed += 1;
    if (passed <= count) pass(passed === count ? `${text} (more of these only in its log)` : text);
  };
}
