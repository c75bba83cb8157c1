import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

// Below the ranges from which Linux (32768) and macOS (49152) take ports for outgoing connections: a port from
// those could be gone again before a server binds it, or while a killed service restarts.
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_767;

/** A loopback TCP port that nothing listens on at this moment; the caller has to take it before another does. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/** As many different free ports as asked for, and none of `taken`. */
export async function freePorts(count: number, taken: readonly number[] = []): Promise<number[]> {
  const held = new Map<number, Server>();
  while (held.size < count) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT + 1);
    const server = taken.includes(port) ? undefined : await listen(port);
    if (server !== undefined) held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => once(server.close(), 'close')));
  return [...held.keys()];
}

/** Listens on a loopback port, or returns undefined when that is not possible. */
async function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return server;
  } catch {
    return undefined;
  }
}
