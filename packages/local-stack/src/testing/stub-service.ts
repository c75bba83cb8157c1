import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { HttpListener } from './http-listener.js';

/** A request as the stub received it. */
export interface StubRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Parsed when it is JSON, text otherwise, undefined when there was none. */
  readonly body: unknown;
}

/** What the stub answers. An object goes out as JSON, a string or buffer as it is. */
export interface StubResponse {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Decides what to answer. */
export type StubHandler = (request: StubRequest) => StubResponse | Promise<StubResponse>;

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: StubHandler;
}

/** Stands for another service at the network. A route nobody described answers 404. */
export class StubService {
  /** Everything that came in, in order, whatever was answered. */
  readonly requests: StubRequest[] = [];

  private readonly listener = new HttpListener((request, response) => void this.answer(request, response));
  private routes: Route[] = [];
  private failures: number[] = [];
  private hanging = false;

  get url(): string {
    return this.listener.url;
  }

  /** Starts listening; after a stop, on the same port as before. */
  async start(): Promise<void> {
    await this.listener.start();
  }

  async stop(): Promise<void> {
    await this.listener.stop();
  }

  /** Describes a route. `:name` in the path matches one segment; a later description replaces an earlier one. */
  on(method: string, path: string, handler: StubHandler): this {
    this.routes.unshift({ method: method.toUpperCase(), segments: path.split('/'), handler });
    return this;
  }

  /** Answers the next `count` requests with `status`. */
  failNext(count: number, status = 503): void {
    this.failures.push(...Array.from({ length: count }, () => status));
  }

  /** Leaves every request unanswered until `resume`. */
  hang(): void {
    this.hanging = true;
  }

  /** Answers again; requests that were left unanswered stay so. */
  resume(): void {
    this.hanging = false;
  }

  /** Forgets routes, recorded requests and failures to come. */
  reset(): void {
    this.requests.length = 0;
    this.routes = [];
    this.failures = [];
    this.hanging = false;
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://stub');
    const segments = url.pathname.split('/');
    const method = incoming.method ?? 'GET';
    const route = this.routes.find(
      (candidate) => candidate.method === method && matches(candidate, segments),
    );
    const request: StubRequest = {
      method,
      path: url.pathname,
      params: route === undefined ? {} : paramsOf(route, segments),
      query: Object.fromEntries(url.searchParams),
      headers: incoming.headers,
      body: await bodyOf(incoming),
    };
    this.requests.push(request);
    if (this.hanging) return;
    const failure = this.failures.shift();
    if (failure !== undefined) return send(outgoing, problem(failure, 'Told to fail'));
    if (route === undefined) return send(outgoing, problem(404, `No stub for ${method} ${url.pathname}`));
    // A handler that throws, a failed expectation for instance, must not take the test process down.
    const answer = Promise.resolve(request).then(route.handler);
    send(outgoing, await answer.catch((error: Error) => problem(500, error.message)));
  }
}

function matches({ segments }: Route, actual: readonly string[]): boolean {
  return (
    segments.length === actual.length &&
    segments.every((segment, index) => segment.startsWith(':') || segment === actual[index])
  );
}

function paramsOf({ segments }: Route, actual: readonly string[]): Record<string, string> {
  const named = segments.flatMap((segment, index) =>
    segment.startsWith(':') ? [[segment.slice(1), decodeURIComponent(actual[index] ?? '')]] : [],
  );
  return Object.fromEntries(named) as Record<string, string>;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function problem(status: number, detail: string): StubResponse {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: 'about:blank', title: detail, status, detail, request_id: randomUUID() },
  };
}

function send(response: ServerResponse, { status = 200, body, headers }: StubResponse): void {
  const raw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const type = raw ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...type, ...headers }).end(raw ? body : JSON.stringify(body));
}
