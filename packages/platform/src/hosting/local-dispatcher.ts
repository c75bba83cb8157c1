import { Dispatcher } from 'undici';
import type { Connection } from '../client/connect.js';
import type { LocalServer } from './local-servers.js';

/** Sends requests to a server of this process while there is one, else over another connection. */
export class LocalDispatcher extends Dispatcher {
  constructor(
    private readonly server: () => LocalServer | undefined,
    private readonly otherwise: Connection,
  ) {
    super();
  }

  get destroyed(): boolean {
    return this.otherwise.destroyed;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const server = this.server();
    if (server === undefined) return this.otherwise.dispatch(options, handler);
    server.dispatch(options, handler);
    return true;
  }

  override close(): Promise<void> {
    return this.otherwise.close();
  }

  override destroy(): Promise<void> {
    return this.otherwise.destroy();
  }
}
