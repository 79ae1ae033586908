import { connect } from 'node:net';
import { expect, inject, test } from 'vitest';
import pg from 'pg';

test('the run provides a database in which the owner may create databases', async () => {
  const client = new pg.Client({ connectionString: inject('databaseUrl') });
  await client.connect();
  const { rows } = await client.query<{ can: boolean }>(
    'SELECT rolcreatedb AS can FROM pg_roles WHERE rolname = current_user',
  );
  await client.end();
  expect(rows).toEqual([{ can: true }]);
});

test('the run provides a Temporal server', async () => {
  const [host, port] = inject('temporalAddress').split(':');
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: host!, port: Number(port) }, () => {
      socket.end(resolve);
    });
    socket.once('error', reject);
  });
});
