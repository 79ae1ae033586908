import type { BrokerWrites } from '../broker/port.ts';
import { GatewayError } from '../domain/errors.ts';

/**
 * The broker of a read-only installation: nothing is placed, changed or cancelled. The refusal comes before a byte is
 * written, so an order that was approved before never becomes a doubt.
 */
export function withoutWrites<Broker extends BrokerWrites>(broker: Broker): Broker {
  const refuse = (): never => {
    throw new GatewayError('BROKER_UNAVAILABLE', 'this gateway is read-only: nothing is sent');
  };
  return { ...broker, place: refuse, cancel: refuse, modify: refuse };
}
