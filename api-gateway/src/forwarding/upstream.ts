import type { Lifecycle } from '@flight-booking/platform';
import { Pool } from 'undici';

const CONNECT_TIMEOUT_MS = 2_000;
/** Below the time after which the services close idle connections, so that we are the first to let go. */
const KEEP_ALIVE_TIMEOUT_MS = 30_000;

/** How to reach a service. */
export interface UpstreamOptions {
  readonly name: string;
  readonly baseUrl: string;
  readonly connections: number;
  /** How long a service may be silent in the middle of an answer. */
  readonly timeoutMs: number;
}

/** A service behind the gateway, with its kept-alive connections. */
export class Upstream implements Lifecycle {
  readonly name: string;
  readonly pool: Pool;

  constructor({ name, baseUrl, connections, timeoutMs }: UpstreamOptions) {
    this.name = name;
    this.pool = new Pool(baseUrl, {
      connections,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      bodyTimeout: timeoutMs,
      // An exchange has its own clock for this, which also runs while it waits for a connection.
      headersTimeout: 0,
    });
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    if (!this.pool.destroyed) await this.pool.destroy();
  }
}
