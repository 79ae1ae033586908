// A container's health check: exit code 0 when the loopback port accepts a connection.
import { connect } from 'node:net';

const socket = connect({ host: '127.0.0.1', port: Number(process.argv[2]), timeout: 2_000 });
for (const [event, code] of Object.entries({ connect: 0, error: 1, timeout: 1 })) {
  socket.once(event, () => process.exit(code));
}
