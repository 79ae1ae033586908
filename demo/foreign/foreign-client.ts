import { preparePython } from '../../test/compat/python.ts';
import type { Report } from '../report.ts';
import { connectPython } from './python-client.ts';
import { connectRaw } from './raw-client.ts';

/** A resting order to buy shares, as the foreign program says it. */
export type ForeignOrder = {
  readonly symbol: string;
  readonly conId: number;
  readonly quantity: number;
  readonly limitPrice: string;
  readonly orderRef: string;
};

export type ForeignOpenOrder = {
  readonly orderRef: string;
  readonly orderId: number;
  readonly permId: number;
};

/** A program of somebody else at the same gateway. Every call rejects when the outcome does not come. */
export type ForeignClient = {
  /** What it is, for people. */
  readonly name: string;
  /** Connects, or connects again. */
  readonly connect: () => Promise<{ readonly serverVersion: number }>;
  /** Places a limit order and waits until it works. */
  readonly place: (order: ForeignOrder) => Promise<Omit<ForeignOpenOrder, 'orderRef'>>;
  /** Its own open orders. */
  readonly open: () => Promise<readonly ForeignOpenOrder[]>;
  /** Resolves when the connection has ended. */
  readonly lost: () => Promise<void>;
  readonly cancel: (orderRef: string) => Promise<void>;
  readonly stop: () => void;
};

/** Where it connects, and as whom. */
export type ForeignSeat = {
  readonly port: number;
  readonly clientId: number;
  readonly account: string;
};

/** ib_async where Python ≥ 3.10 is installed and can get it; else a client that speaks the wire by hand. */
export async function openForeignClient(report: Report, seat: ForeignSeat): Promise<ForeignClient> {
  const python = await preparePython();
  if (!('missing' in python)) return connectPython(python.path, seat);
  report.say(
    `ib_async cannot be used here (${python.missing}): a client by hand stands in for it.`,
  );
  return connectRaw(seat);
}
