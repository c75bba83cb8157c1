import { join } from 'node:path';
import { buildConnector, Pool } from 'undici';
import { isThisMachine } from './this-machine.js';

/** Sends requests to one address. */
export type Connection = Pick<Pool, 'request' | 'dispatch' | 'close' | 'destroy' | 'destroyed'>;

/** Makes what sends requests to an address: its options say how, where it is the network. */
export type Connect = (address: string, options: Pool.Options) => Connection;

/** A pool of kept-alive connections. */
export const overNetwork: Connect = (address, options) => new Pool(address, options);

/** Where a server of this machine listens besides its port. */
export const socketPathOf = (folder: string, port: number | string): string => join(folder, `${port}.sock`);

/**
 * A pool of kept-alive connections that reach a server of this machine through its Unix socket, which costs the kernel
 * less than TCP. The address stays the rule: it names the socket by its port, and is used where there is none.
 */
export const throughSockets =
  (folder: string): Connect =>
  (address, options) => {
    const { port, protocol } = new URL(address);
    if (protocol !== 'http:' || !isThisMachine(address)) return overNetwork(address, options);
    const how = typeof options.connect === 'object' ? options.connect : {};
    const throughSocket = buildConnector({ ...how, socketPath: socketPathOf(folder, port) });
    const throughNetwork = buildConnector(how);
    const connect: buildConnector.connector = (target, done) =>
      throughSocket(target, (...[error, socket]) => {
        if (error === null) done(null, socket);
        else throughNetwork(target, done);
      });
    return new Pool(address, { ...options, connect });
  };
