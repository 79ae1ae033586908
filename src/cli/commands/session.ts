import type { Command } from 'commander';
import { z } from 'zod';
import { exchange } from '../api-client.ts';
import { addCommand, type CliContext } from '../context.ts';
import { CommandFailure, exitCodes } from '../outcome.ts';
import { removeSession, writeSession } from '../session-file.ts';

const Person = z.object({ name: z.string(), roles: z.array(z.string()) });

/** `login`, `logout`, `login-link`. */
export function addSessionCommands(program: Command, context: CliContext): void {
  addCommand(program, context, {
    usage: 'login <link>',
    description: 'redeem a one-time operator link and keep the session in operator.session (0600)',
    run: async ([link = '']) => login(context, link),
  });
  addCommand(program, context, {
    usage: 'logout',
    description: 'forget the session of this state directory',
    run: () => {
      removeSession(context.home);
      return Promise.resolve({ json: { loggedIn: false }, lines: ['Logged out here.'] });
    },
  });
  addCommand(program, context, {
    usage: 'login-link',
    description: 'make a new one-time operator link (works once, for 15 minutes)',
    run: async () => {
      const link = await context.machine.newLoginLink();
      return { json: { link }, lines: [link] };
    },
  });
}

async function login(context: CliContext, link: string) {
  const url = URL.canParse(link) ? new URL(link) : null;
  const token = url?.searchParams.get('token') ?? null;
  if (url === null || token === null) {
    throw new CommandFailure(
      exitCodes.usage,
      'This is no login link (http://…/login?token=csl_…).',
    );
  }
  const answer = await exchange(url.origin, 'POST', '/api/v1/session', {}, { token });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) {
    throw new CommandFailure(exitCodes.unavailable, 'The server gave no session.');
  }
  writeSession(context.home, { url: url.origin, cookie });
  const { name, roles } = Person.parse(answer.body);
  return {
    json: { name, roles, url: url.origin },
    lines: [`Logged in at ${url.origin} as ${name} (${roles.join(', ')}).`],
  };
}
