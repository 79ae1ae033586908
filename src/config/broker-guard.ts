/**
 * The ports on which TWS and IB Gateway usually serve each kind of account (ports 4003 and 4004 are those of the
 * common container image). A paper order that reaches a live account is the one mistake that cannot be taken back,
 * so a port of the other kind is refused whatever else is set, and an unusual one must be named twice.
 */
export const brokerPorts = { paper: [4002, 7497, 4004], live: [4001, 7496, 4003] } as const;

type Environment = 'dev' | 'paper' | 'live';

/** Why this port may not be used in this environment, as a sentence without a full stop; null where it may. */
export function portMismatch(
  environment: Environment,
  port: number,
  allowed: readonly number[],
): string | null {
  const kind = environment === 'live' ? 'live' : 'paper';
  const other = kind === 'live' ? 'paper' : 'live';
  const isIn = (ports: readonly number[]): boolean => ports.includes(port);
  if (isIn(brokerPorts[other])) {
    return `IBKR_PORT=${port} is a port of ${other} accounts, and ENV=${environment} is for ${kind} accounts`;
  }
  if (isIn(brokerPorts[kind]) || isIn(allowed)) return null;
  return (
    `IBKR_PORT=${port} is not a usual port of ${kind} accounts (${brokerPorts[kind].join(', ')}): ` +
    'if it is right, name it in IBKR_ALLOWED_PORTS too'
  );
}
