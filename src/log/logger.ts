import { destination, pino, type Logger } from 'pino';

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

/** A logger of one process. `stderr` where stdout belongs to a protocol. */
export function createLogger(options: {
  readonly name: string;
  readonly level: string;
  readonly to?: 'stdout' | 'stderr' | { write: (line: string) => void };
}): Logger {
  const { to = 'stdout' } = options;
  const stream =
    typeof to === 'string' ? destination({ dest: to === 'stderr' ? 2 : 1, sync: true }) : to;
  return pino(
    {
      name: options.name,
      level: options.level,
      base: { process: options.name },
      redact: {
        paths: hidden.flatMap((name) => [`["${name}"]`, `*["${name}"]`]),
        censor: '[hidden]',
      },
      hooks: { streamWrite: scrub },
    },
    stream,
  );
}
