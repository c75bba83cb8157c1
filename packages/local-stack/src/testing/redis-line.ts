import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A line to the real Redis that a test can cut and mend. */
export class RedisLine {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;
  private spokenAt = 0;

  constructor(private readonly target: URL) {}

  /** The address to give to what is tested; it stands once the line is mended for the first time. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** Lets connections through; after a cut, on the same port as before. */
  async mend(): Promise<void> {
    this.server = createServer((near) => {
      const far = connect(Number(this.target.port), this.target.hostname);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => socket.destroy());
      }
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) socket.on('data', () => (this.spokenAt = performance.now()));
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** For how long nothing has gone through, so that a test may know every answer heard. */
  get quietMs(): number {
    return performance.now() - this.spokenAt;
  }

  /** Takes Redis away: what is connected breaks, and nothing new gets through. */
  cut(): void {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }
}
