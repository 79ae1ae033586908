// Loaded before every child's own program: when the supervisor is gone (even by kill -9) its IPC channel
// closes, and the child ends itself as if it had been asked to.
const graceMs = 5_000;

process.on('disconnect', () => {
  setTimeout(() => {
    process.kill(process.pid, 'SIGKILL');
  }, graceMs).unref();
  process.kill(process.pid, 'SIGTERM');
});
// Listening alone must not keep a program alive that has finished.
process.channel?.unref();
