import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { serverOptionsFor } from './express-prototypes.js';

/** Where a server listens. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
}

const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const HEADERS_TIMEOUT_MS = 66_000;
const REQUEST_TIMEOUT_MS = 30_000;
const IDLE_SWEEP_MS = 25;
/** How long requests that have begun may take to finish once the server stops. */
const DRAIN_TIMEOUT_MS = 2_500;

/** An HTTP server around an Express app. `stop` lets requests finish that have begun. */
export class HttpServer {
  private server: Server | undefined;

  constructor(
    private readonly app: Express,
    private readonly options: ListenOptions,
  ) {}

  /** The port that it listens on; the system's choice where 0 was asked for. */
  get port(): number {
    const address = this.server?.address() as AddressInfo | null | undefined;
    if (!address) throw new Error('The HTTP server is not listening.');
    return address.port;
  }

  async start(): Promise<void> {
    if (this.server !== undefined) return;
    const server = createServer(serverOptionsFor(this.app), this.app);
    server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.options.port, this.options.host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    // A kept-alive connection turns idle when its last answer is out, so idle ones are closed again and again.
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
    const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    clearInterval(sweep);
    clearTimeout(cutOff);
  }
}
