// The first bytes of a connection: `API` NUL, then one frame `v100..193` or `v100`, optionally with
// connect options. Source: reference note §2.1.

/** Lowest server version this gateway speaks. */
const MIN_SERVER_VERSION = 100;
/** Highest: the last one whose messages are all text; 201 and up are protobuf. */
export const MAX_SERVER_VERSION = 200;
/** What a client must send first. */
export const HELLO_PREFIX = 'API\0';

type VersionRange = { min: number; max: number; options: string };

/** The range a client announces, or undefined when the text is not one. */
export function parseVersionRange(hello: string): VersionRange | undefined {
  const match = /^v(\d{1,4})(?:\.\.(\d{1,4}))?(?: (.*))?$/s.exec(hello.replace(/\0$/, ''));
  if (match === null) return undefined;
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : Number(match[2]);
  return { min, max, options: match[3] ?? '' };
}

/** The version both sides speak, min(client max, cap), or undefined when there is none. */
export function negotiateVersion(client: VersionRange, cap: number): number | undefined {
  const version = Math.min(client.max, cap);
  return version < Math.max(client.min, MIN_SERVER_VERSION) ? undefined : version;
}
