// The operator: a process of its own, with a session of its own. It makes itself a one-time login link as
// a person on this machine does (`countersign login-link`), redeems it over HTTP and from then on knows
// only what the REST API shows. It is told which order to look at, never what to find there.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { OperatorAnswer, OperatorCall } from './operator-process.ts';
import { lookUntil } from './observe.ts';
import { checkout } from './running-product.ts';

const Pending = z.object({
  pending: z.array(
    z.object({ approvalId: z.string(), intentId: z.string(), envelopeHash: z.string() }).loose(),
  ),
});

type Session = { readonly apiUrl: string; readonly cookie: string };

async function logIn(apiUrl: string): Promise<Session> {
  const cli = join(checkout, 'tools', 'countersign.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'login-link', '--json']);
  const { link } = z.object({ link: z.string() }).parse(JSON.parse(stdout));
  const response = await fetch(`${apiUrl}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: apiUrl },
    body: JSON.stringify({ token: new URL(link).searchParams.get('token') }),
  });
  if (!response.ok) throw new Error(`the login was refused: ${await response.text()}`);
  const cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  return { apiUrl, cookie };
}

async function ask(
  { apiUrl, cookie }: Session,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${apiUrl}/api/v1${path}`, {
    method,
    headers: { cookie, origin: apiUrl, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function perform(session: Session, call: OperatorCall): Promise<unknown> {
  switch (call.does) {
    case 'look': {
      const look = async () =>
        Pending.parse((await ask(session, 'GET', '/approval/pending')).body).pending.find(
          ({ intentId }) => intentId === call.intentId,
        ) ?? null;
      return lookUntil(look, (seen) => seen !== null);
    }
    case 'decide': {
      const { approvalId, verb, envelopeHash, reason } = call;
      return ask(session, 'POST', `/approval/${approvalId}/${verb}`, {
        envelopeHash,
        ...(reason === undefined ? {} : { reason }),
      });
    }
    case 'audit':
      return ask(session, 'GET', `/audit?intentId=${call.intentId}&limit=200`);
    case 'release':
      return ask(session, 'POST', '/kill-switch/release', { reason: call.reason });
  }
}

const send = (answer: OperatorAnswer): void => {
  process.send?.(answer);
};
const session = await logIn(process.argv[2] ?? '');
process.on('message', (message: { id: number; call: OperatorCall }) => {
  const { id, call } = message;
  perform(session, call).then(
    (value) => {
      send({ id, value });
    },
    (failure: unknown) => {
      send({ id, failure: failure instanceof Error ? failure.message : String(failure) });
    },
  );
});
process.on('disconnect', () => process.exit());
send({ id: 0, value: 'logged in' });
