import { Dispatcher, type Pool } from 'undici';
import type { LocalServer } from './local-servers.js';

/** Sends requests to a server of this process while there is one, else over the network. */
export class LocalDispatcher extends Dispatcher {
  constructor(
    private readonly server: () => LocalServer | undefined,
    private readonly pool: Pool,
  ) {
    super();
  }

  get destroyed(): boolean {
    return this.pool.destroyed;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const server = this.server();
    if (server === undefined) return this.pool.dispatch(options, handler);
    server.dispatch(options, handler);
    return true;
  }

  override close(): Promise<void> {
    return this.pool.close();
  }

  override destroy(): Promise<void> {
    return this.pool.destroy();
  }
}
