import { ServiceAddresses, type Connect, type Connection, type Lifecycle } from '@flight-booking/platform';
import type { Dispatcher, Pool } from 'undici';

const CONNECT_TIMEOUT_MS = 2_000;
/** Below the time after which the services close idle connections, so that we are the first to let go. */
const KEEP_ALIVE_TIMEOUT_MS = 30_000;

/** How to reach a service. */
export interface UpstreamOptions {
  readonly name: string;
  /** Base addresses of its copies; at least one. */
  readonly addresses: readonly string[];
  /** Most requests that each copy gets at once. */
  readonly connections: number;
  /** How long a service may be silent in the middle of an answer. */
  readonly timeoutMs: number;
  readonly connect: Connect;
}

/** A service behind the gateway: its copies, taken in turn, with their kept-alive connections. */
export class Upstream implements Lifecycle {
  readonly name: string;
  private readonly addresses: ServiceAddresses;
  private readonly connections: ReadonlyMap<string, Connection>;

  constructor({ name, addresses, connections, timeoutMs, connect }: UpstreamOptions) {
    this.name = name;
    this.addresses = new ServiceAddresses(addresses);
    const options: Pool.Options = {
      connections,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      bodyTimeout: timeoutMs,
      // An exchange has its own clock for this, which also runs while it waits for a connection.
      headersTimeout: 0,
    };
    this.connections = new Map(addresses.map((address) => [address, connect(address, options)]));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    const open = [...this.connections.values()].filter((connection) => !connection.destroyed);
    await Promise.all(open.map((connection) => connection.destroy()));
  }

  /** The addresses of the copies, in the order in which the next request should try them. */
  inTurn(): readonly string[] {
    return this.addresses.inTurn();
  }

  /** No connection to the address came about: others are tried before it for a moment. */
  passOver(address: string): void {
    this.addresses.refused(address);
  }

  /** Sends a request to one copy. */
  dispatch(address: string, options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.connections.get(address)?.dispatch(options, handler);
  }
}
