import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on a free loopback port. */
export class HttpListener {
  private server: Server | undefined;
  private address: string | undefined;

  constructor(private readonly listener: RequestListener) {}

  /** The base address without a trailing slash; it stays the same after a stop, so a dead upstream has one. */
  get url(): string {
    if (this.address === undefined) throw new Error('The server has not been started.');
    return this.address;
  }

  async start(): Promise<void> {
    if (this.server !== undefined) return;
    this.server = createServer(this.listener);
    // A restart comes back where the clients look for it.
    const port = this.address === undefined ? 0 : Number(new URL(this.address).port);
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
}
