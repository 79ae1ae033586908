import { destination, pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/**
 * Logs are JSON lines. Secrets are kept out twice: by the names of fields, and by a scrubber over the finished line
 * that knows what our secrets look like. Texts of agents are JSON-escaped by pino, so they cannot forge a line.
 */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

const hidden = ['authorization', 'cookie', 'token', 'key', 'secret', 'password', 'set-cookie'];
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\bcs([kls])_[A-Za-z0-9_-]{8,}/g, 'cs$1_[hidden]'],
  [/(Bearer\s+)[^\s"\\]+/gi, '$1[hidden]'],
  [/((?:postgres|postgresql):\/\/[^:@/\s"]+:)[^@\s"]+@/g, '$1[hidden]@'],
];

/** A text without our kinds of secrets. */
export function scrub(text: string): string {
  return secrets.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
}

type Output = 'stdout' | 'stderr' | { readonly write: (line: string) => void };

/** A logger of one process. `stderr` where stdout belongs to a protocol. */
export function logger(name: string, level: string, to: Output = 'stdout'): Logger {
  const stream =
    typeof to === 'string' ? destination({ dest: to === 'stderr' ? 2 : 1, sync: true }) : to;
  return pino(
    {
      level,
      base: { process: name },
      redact: {
        paths: hidden.flatMap((field) => [`["${field}"]`, `*["${field}"]`]),
        censor: '[hidden]',
      },
      hooks: { streamWrite: scrub },
    },
    stream,
  );
}
