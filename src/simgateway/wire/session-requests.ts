// Requests about several accounts at once, about the user and about the gateway's windows, and the
// ones that only advisors or linked programs may send. Source: reference note §2.3.
import { bool, int, message, text } from './field-table.ts';

const version = int('version');

export const reqPositionsMulti = message('reqPositionsMulti', 74, [
  version,
  int('reqId'),
  text('account'),
  text('modelCode'),
]);
export const cancelPositionsMulti = message('cancelPositionsMulti', 75, [version, int('reqId')]);
export const reqAccountUpdatesMulti = message('reqAccountUpdatesMulti', 76, [
  version,
  int('reqId'),
  text('account'),
  text('modelCode'),
  bool('ledgerAndNlv'),
]);
export const cancelAccountUpdatesMulti = message('cancelAccountUpdatesMulti', 77, [
  version,
  int('reqId'),
]);

export const reqSoftDollarTiers = message('reqSoftDollarTiers', 79, [int('reqId')]);
export const reqFamilyCodes = message('reqFamilyCodes', 80, []);
export const reqNewsProviders = message('reqNewsProviders', 85, []);
export const reqNewsBulletins = message('reqNewsBulletins', 12, [version, bool('allMessages')]);
export const cancelNewsBulletins = message('cancelNewsBulletins', 13, [version]);

export const queryDisplayGroups = message('queryDisplayGroups', 67, [version, int('reqId')]);
export const subscribeToGroupEvents = message('subscribeToGroupEvents', 68, [
  version,
  int('reqId'),
  int('groupId'),
]);
export const updateDisplayGroup = message('updateDisplayGroup', 69, [
  version,
  int('reqId'),
  text('contractInfo'),
]);
export const unsubscribeFromGroupEvents = message('unsubscribeFromGroupEvents', 70, [
  version,
  int('reqId'),
]);

export const requestFA = message('requestFA', 18, [version, int('faDataType')]);
export const replaceFA = message('replaceFA', 19, [
  version,
  int('faDataType'),
  text('xml'),
  int('reqId', { from: 157 }),
]);
export const verifyRequest = message('verifyRequest', 65, [
  version,
  text('apiName'),
  text('apiVersion'),
]);
export const verifyMessage = message('verifyMessage', 66, [version, text('apiData')]);
export const verifyAndAuthRequest = message('verifyAndAuthRequest', 72, [
  version,
  text('apiName'),
  text('apiVersion'),
  text('opaqueIsvKey'),
]);
export const verifyAndAuthMessage = message('verifyAndAuthMessage', 73, [
  version,
  text('apiData'),
  text('xyzResponse'),
]);
