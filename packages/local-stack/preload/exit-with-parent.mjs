// Loaded into every service with `node --import`, before its own code. The supervisor holds the other end of the
// IPC channel; when it is killed it can stop nobody, but the kernel closes the channel, and the service then stops
// as if it had been told to.
const DRAIN_TIMEOUT_MS = 3_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), DRAIN_TIMEOUT_MS).unref();
});

// A listener keeps the channel, and so the process, alive; a service that has drained must be able to end.
process.channel?.unref();
