import { ServiceAddresses, type Lifecycle } from '@flight-booking/platform';
import { Pool, type Dispatcher } from 'undici';

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
}

/** A service behind the gateway: its copies, taken in turn, with their kept-alive connections. */
export class Upstream implements Lifecycle {
  readonly name: string;
  private readonly addresses: ServiceAddresses;
  private readonly pools: ReadonlyMap<string, Pool>;

  constructor({ name, addresses, connections, timeoutMs }: UpstreamOptions) {
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
    this.pools = new Map(addresses.map((address) => [address, new Pool(address, options)]));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    const open = [...this.pools.values()].filter((pool) => !pool.destroyed);
    await Promise.all(open.map((pool) => pool.destroy()));
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
    this.pools.get(address)?.dispatch(options, handler);
  }
}
