import type { Log } from '../log/logger.ts';
import type { Ports } from '../operations/context.ts';
import type { Principal } from '../domain/identity/principal.ts';

/** What the MCP door needs. */
export type McpOptions = {
  readonly ports: Ports;
  readonly log: Log;
  readonly version: string;
  /** Tools that could lead to an order do not exist. Default false. */
  readonly readOnly?: boolean;
};

/** Who speaks on a connection. Asked for every call, so a key that was replaced stops working at once. */
export type WhoSpeaks = () => Promise<Principal | null>;
