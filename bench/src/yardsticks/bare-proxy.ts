import { createServer, type ServerResponse } from 'node:http';
import { Pool, type Dispatcher } from 'undici';
import { announce } from './announce.js';

/**
 * Yardstick: the least that Node and undici do to pass a request on over TCP and its answer back, through undici's
 * innermost interface. Argument: the address of the server behind it.
 */
const pool = new Pool(process.argv[2] ?? '', { connections: 64 });

class Passing implements Dispatcher.DispatchHandler {
  constructor(private readonly response: ServerResponse) {}

  onConnect(): void {}

  onHeaders(status: number, raw: Buffer[]): boolean {
    this.response.writeHead(
      status,
      raw.map((bytes) => bytes.toString('latin1')),
    );
    return true;
  }

  /** The client may be gone, whose connection takes nothing and never says that it has: none may hold up the server's. */
  onData(chunk: Buffer): boolean {
    this.response.write(chunk);
    return true;
  }

  onComplete(): void {
    this.response.end();
  }

  onError(): void {
    this.response.destroy();
  }
}

announce(
  createServer((request, response) => {
    const { method, url, rawHeaders } = request;
    pool.dispatch(
      { method: method as Dispatcher.HttpMethod, path: url ?? '/', headers: rawHeaders },
      new Passing(response),
    );
  }),
);
