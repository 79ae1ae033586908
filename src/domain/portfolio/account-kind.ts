/** What an IBKR account id says of the account. */
export type AccountKind = 'live' | 'paper' | 'live-advisor' | 'paper-advisor';

/** `DU1234567` is a paper account, `U1234567` a live one; F, I and DF, DI are those of advisors and brokers. */
export function accountKind(account: string): AccountKind {
  const isPaper = account.startsWith('D');
  const isAdvisor = /^D?[FI]/.test(account);
  if (isPaper) return isAdvisor ? 'paper-advisor' : 'paper';
  return isAdvisor ? 'live-advisor' : 'live';
}
