import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Listens on a port of the system's choice and tells the parent process which, on a line of standard output. Ends with
 * the parent, whose end closes standard input.
 */
export function announce(server: Server): void {
  process.stdin.on('end', () => process.exit()).resume();
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  });
}
