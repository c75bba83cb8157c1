import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { LocalServers } from '../hosting/local-servers.js';
import { socketPathOf } from '../client/connect.js';
import { LOOPBACK_ADDRESS } from '../client/this-machine.js';
import { answerClientError } from './client-error.js';
import { serverOptionsFor } from './express-prototypes.js';

/** Where a server listens. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Where it listens on a Unix socket too, for callers on the same machine. */
  readonly socketFolder?: string | undefined;
  /** Where callers in the same process find it, if there are any. */
  readonly locals?: LocalServers | undefined;
}

const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** Whoever sends headers slower than this holds a connection rather than uses it. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often the two above are looked after; Node's own half minute would double them. */
const TIMEOUT_CHECK_MS = 2_000;
const IDLE_SWEEP_MS = 25;
/** How long requests that have begun may take to finish once the server stops. */
const DRAIN_TIMEOUT_MS = 2_500;

/** What answers requests. */
export interface Answering {
  readonly app: Express;
  /** What sees each request first, and gives to the app those that it does not answer itself; the app unless given. */
  readonly listener?: RequestListener | undefined;
}

/** An HTTP server around an Express app. `stop` lets requests finish that have begun. */
export class HttpServer {
  private server: Server | undefined;
  /** The same server behind a Unix socket. */
  private socketServer: Server | undefined;
  private starting: Promise<void> | undefined;

  constructor(
    private readonly answering: Answering,
    private readonly options: ListenOptions,
  ) {}

  /** The port that it listens on; the system's choice where 0 was asked for. */
  get port(): number {
    const address = this.server?.address() as AddressInfo | null | undefined;
    if (!address) throw new Error('The HTTP server is not listening.');
    return address.port;
  }

  start(): Promise<void> {
    this.starting ??= this.listen();
    return this.starting;
  }

  /** Ends a start that is under way, too. */
  async stop(): Promise<void> {
    await this.starting?.catch(() => undefined);
    const { server, socketServer } = this;
    if (server === undefined) return;
    const drained = this.options.locals?.close(this.port, DRAIN_TIMEOUT_MS);
    this.starting = undefined;
    this.server = undefined;
    this.socketServer = undefined;
    await Promise.all([drain(server), socketServer && drain(socketServer), drained]);
  }

  private async listen(): Promise<void> {
    const { app, listener = app } = this.answering;
    const classes = serverOptionsFor(app);
    const options = {
      ...classes,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    };
    const server = createServer(options, listener).on('clientError', answerClientError);
    try {
      server.listen(this.options.port, this.options.host);
      await once(server, 'listening');
      this.server = server;
      await this.listenOnSocket(createServer(options, listener).on('clientError', answerClientError));
      this.options.locals?.open(this.port, { listener, classes });
    } catch (error) {
      this.starting = undefined;
      throw error;
    }
  }

  /** Whoever has the port has the socket of its name, so one that lies there was left by a process that was killed. */
  private async listenOnSocket(server: Server): Promise<void> {
    const { socketFolder } = this.options;
    if (socketFolder === undefined) return;
    const path = socketPathOf(socketFolder, this.port);
    await rm(path, { force: true });
    // Whoever comes through it is on this machine; the kernel gives such peers no address.
    server.on('connection', (socket) =>
      Object.defineProperty(socket, 'remoteAddress', { value: LOOPBACK_ADDRESS }),
    );
    server.listen(path);
    await once(server, 'listening');
    this.socketServer = server;
  }
}

/** A kept-alive connection turns idle when its last answer is out, so idle ones are closed again and again. */
async function drain(server: Server): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  clearInterval(sweep);
  clearTimeout(cutOff);
}
