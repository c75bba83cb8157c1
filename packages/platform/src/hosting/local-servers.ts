import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { Connect } from '../client/connect.js';
import { isThisMachine } from '../client/this-machine.js';
import type { MessageClasses } from '../http/express-prototypes.js';
import { LocalDispatcher } from './local-dispatcher.js';
import { LocalExchange } from './local-exchange.js';

/** What answers requests, and the classes that its requests and responses are of. */
export interface LocalAnswering {
  readonly listener: RequestListener;
  readonly classes: MessageClasses;
}

const DRAIN_POLL_MS = 5;

/** A server of this process while it takes requests, and how many of them are not answered yet. */
export class LocalServer {
  private underway = 0;

  constructor(private readonly answering: LocalAnswering) {}

  /** Answers a request as if it had come over a connection. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.underway += 1;
    new LocalExchange(this.answering, options, handler, () => (this.underway -= 1)).begin();
  }

  /** Returns when everything is answered, or the time is over. */
  async drained(timeoutMs: number): Promise<void> {
    const until = Date.now() + timeoutMs;
    while (this.underway > 0 && Date.now() < until) await sleep(DRAIN_POLL_MS);
  }
}

/**
 * The servers that one process holds, by port. Whoever calls an address of this machine whose port is among
 * them reaches the server directly, without a connection; every other address is reached as usual. So several
 * services can share a process, and neither the caller nor the called knows.
 */
export class LocalServers {
  private readonly servers = new Map<number, LocalServer>();

  /** Takes requests for a port from now on. */
  open(port: number, answering: LocalAnswering): void {
    this.servers.set(port, new LocalServer(answering));
  }

  /** Takes no more requests for a port; returns when those that have begun are answered, or the time is over. */
  async close(port: number, timeoutMs: number): Promise<void> {
    const server = this.servers.get(port);
    this.servers.delete(port);
    await server?.drained(timeoutMs);
  }

  /** Calls a server of this process directly for as long as it is here, and every other address as `elsewhere` does. */
  connectOr(elsewhere: Connect): Connect {
    return (address, options) => {
      const otherwise = elsewhere(address, options);
      if (!isThisMachine(address)) return otherwise;
      const port = Number(new URL(address).port);
      return new LocalDispatcher(() => this.servers.get(port), otherwise);
    };
  }
}
