import type { Context } from 'hono';
import type { Log } from '../log/logger.ts';
import type { Ports } from '../operations/context.ts';

/** What the HTTP door needs. */
export type ApiOptions = {
  readonly ports: Ports;
  readonly log: Log;
  readonly version: string;
  /** Where people reach this server, e.g. `http://127.0.0.1:8000`; decides cookie name, Host and Origin checks. */
  readonly publicUrl: string;
  /** Routes that could lead to an order do not exist. Default false. */
  readonly readOnly?: boolean;
};

/** Set on every request. */
export type ApiEnv = { Variables: { requestId: string } };
export type ApiContext = Context<ApiEnv>;
