import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  createServer,
  request as httpRequest,
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '@flight-booking/platform';
import { TestIssuer } from '@flight-booking/local-stack/testing';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';

/** An answer, read whole, with its headers as they came. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly bytes: Buffer;
  readonly body: any;
}

/** A request, with a path that is sent as it is written. */
export interface Call {
  readonly method?: string;
  readonly path: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  /** Keeps connections; without one each request has its own. */
  readonly agent?: Agent;
}

const publicly = { security: [], responses: {} };
const guarded = { security: [{ bearer: [] }], responses: {} };

/** A document with every kind of operation and path. */
const TEST_DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Test', version: '1' },
  paths: {
    '/api/auth/login': { post: publicly },
    '/api/auth/.well-known/jwks.json': { get: publicly },
    '/api/flights/search': { get: guarded },
    '/api/flights/calendar': { get: guarded },
    '/api/flights/{id}': { get: guarded, post: guarded },
    '/api/airports': { get: guarded },
    '/api/seats/lock': { post: guarded },
    '/api/payments/webhook': { post: publicly },
    '/api/tickets/{id}': { get: guarded },
    '/api/tickets/{id}.pdf': { get: publicly },
  },
};

/** A server that answers as each test says. */
export class Upstream {
  listener: RequestListener = (_request, response) => response.end();
  server: Server | undefined;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.server = createServer((request, response) => this.listener(request, response));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
}

/** A gateway in front of upstreams of the tests: one for flights and airports, one for all the others. */
export class RunningGateway {
  readonly issuer = new TestIssuer();
  readonly flights = new Upstream();
  readonly others = new Upstream();
  private service: Service | undefined;
  private folder = '';

  /** @param environment variables besides, or instead of, those that every test needs */
  async start(environment: Record<string, string> = {}, document: object = TEST_DOCUMENT): Promise<void> {
    await Promise.all([this.issuer.start(), this.flights.start(), this.others.start()]);
    this.folder = await mkdtemp(join(tmpdir(), 'api-gateway-'));
    const file = join(this.folder, 'openapi.json');
    await writeFile(file, JSON.stringify(document));
    const others = ['SEAT', 'BOOKING', 'PAYMENT', 'DISCOUNT', 'TICKET', 'NOTIFICATION'];
    this.service = compose(
      readConfig({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        HOST: '127.0.0.1',
        PORT: '0',
        // Nothing listens there: Redis is away unless a test brings one.
        REDIS_URL: 'redis://127.0.0.1:1',
        AUTH_URL: this.issuer.url,
        FLIGHT_SEARCH_URL: this.flights.url,
        ...Object.fromEntries(others.map((name) => [`${name}_URL`, this.others.url])),
        SERVICE_CLIENT_SECRET: 'a-secret-of-the-tests',
        OPENAPI_FILE: file,
        ...environment,
      }),
    );
    await this.service.start();
  }

  async stop(): Promise<void> {
    await this.service?.stop();
    await Promise.all([this.issuer.stop(), this.flights.stop(), this.others.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  get port(): number {
    return this.service?.port ?? 0;
  }

  /** A request that the test itself writes and ends. */
  open({ method = 'GET', path, token, headers, agent }: Call): ClientRequest {
    return httpRequest({
      host: '127.0.0.1',
      port: this.port,
      method,
      path,
      agent: agent ?? false,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    });
  }

  /** The value of a metric, found by how its line begins. */
  async metric(line: string): Promise<number> {
    const text = (await this.call({ path: '/metrics' })).bytes.toString();
    const [found] = text.split('\n').filter((each) => each.startsWith(line));
    return Number(found?.split(' ').at(-1) ?? 0);
  }

  async call(call: Call): Promise<Answer> {
    const request = this.open(call);
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    // A body that is refused before its end breaks while it is written, after the answer has come.
    request.on('error', () => undefined).end(call.body);
    const [response] = await answered;
    return read(response);
  }
}

/** Reads an answer to its end. */
export async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const isJson = /json/.test(response.headers['content-type'] ?? '');
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    rawHeaders: response.rawHeaders,
    bytes,
    body: isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined,
  };
}

/** Reads what an upstream is sent to its end. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** All values of a header, in order, from headers as they came. */
export const valuesOf = (rawHeaders: readonly string[], name: string): string[] =>
  rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
