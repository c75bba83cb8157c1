import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Duplex, Readable } from 'node:stream';
import { errors, type Dispatcher } from 'undici';
import { LOOPBACK_ADDRESS } from '../client/this-machine.js';
import type { LocalAnswering } from './local-servers.js';
import { LocalUpload } from './local-upload.js';

const NO_BODY_STATUSES: ReadonlySet<number> = new Set([204, 304]);

type Headers = Dispatcher.DispatchOptions['headers'];
type Chunk = string | Uint8Array;
type WriteHead = (status: number, reason?: string) => ServerResponse;

/** Stands where the connection of a request would; nothing is read from it or written to it. */
class NoConnection extends Duplex {
  readonly remoteAddress = LOOPBACK_ADDRESS;

  override _read(): void {}

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}

/**
 * One request that is answered in this process. The server gets a request and a response of its own classes, and the
 * caller undici's innermost handler calls, in the order and with the meaning that they have over a connection.
 *
 * The response's writing methods are replaced on the object itself, because its prototype has to be the very one that
 * the app gives its responses.
 */
export class LocalExchange {
  private readonly socket = new NoConnection();
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  private upload: LocalUpload | undefined;
  private hasHeaders = false;
  private isOver = false;

  /** @param onEnd called once, when the exchange is over */
  constructor(
    private readonly answering: LocalAnswering,
    private readonly options: Dispatcher.DispatchOptions,
    private readonly handler: Dispatcher.DispatchHandler,
    private readonly onEnd: () => void,
  ) {
    const { IncomingMessage: RequestClass, ServerResponse: ResponseClass } = answering.classes;
    this.request = new RequestClass(this.socket as never);
    this.response = new ResponseClass(this.request as never);
  }

  /** Hands the request to the server. */
  begin(): void {
    this.handler.onConnect?.((reason) => this.abort(reason));
    if (this.isOver) return;
    this.describeRequest();
    this.replaceWriting();
    this.sendBody();
    this.answering.listener(this.request, this.response);
  }

  private describeRequest(): void {
    const { request, options } = this;
    request.method = options.method;
    request.url = options.path;
    request.httpVersion = '1.1';
    request.httpVersionMajor = 1;
    request.httpVersionMinor = 1;
    request.rawHeaders = ['host', LOOPBACK_ADDRESS, ...rawHeadersOf(options.headers)];
    request.headers = headersOf(request.rawHeaders);
    this.describeBody();
  }

  private describeBody(): void {
    const { request, options } = this;
    const { body, method } = options;
    if (body instanceof Readable) {
      if (request.headers['content-length'] === undefined) this.describe('transfer-encoding', 'chunked');
    } else if (isBytes(body)) {
      this.describe('content-length', String(Buffer.byteLength(body)));
    } else if (method === 'POST' || method === 'PUT') {
      this.describe('content-length', '0');
    }
  }

  private describe(name: string, value: string): void {
    this.request.rawHeaders.push(name, value);
    this.request.headers[name] = value;
  }

  private sendBody(): void {
    const { request, handler } = this;
    const { body } = this.options;
    if (body instanceof Readable) {
      this.upload = new LocalUpload(body, request, handler);
      this.upload.begin((error) => (error ? this.abort(error) : this.completeRequest()));
      return;
    }
    if (isBytes(body)) {
      request.push(body);
      handler.onBodySent?.(Buffer.byteLength(body), Buffer.byteLength(body));
    }
    this.completeRequest();
  }

  private completeRequest(): void {
    if (this.isOver) return;
    this.request.complete = true;
    this.request.push(null);
  }

  private replaceWriting(): void {
    const { response } = this;
    const writeHead = response.writeHead.bind(response) as WriteHead;
    response.writeHead = (status: number, ...rest: unknown[]): ServerResponse => {
      // Node keeps headers to itself that it is given here; those that are set before can be read again.
      setHeaders(response, rest.at(-1));
      return writeHead(status, typeof rest[0] === 'string' ? rest[0] : undefined);
    };
    response.write = (chunk: Chunk, encoding?: unknown, done?: unknown): boolean => {
      const mayGoOn = this.passOn(chunk, encoding);
      callback(encoding, done)?.();
      return mayGoOn;
    };
    response.end = (chunk?: unknown, encoding?: unknown, done?: unknown): ServerResponse => {
      if (isBytes(chunk)) {
        if (!response.headersSent && !response.hasHeader('content-length'))
          response.setHeader('content-length', Buffer.byteLength(chunk));
        this.passOn(chunk, encoding);
      }
      this.finish(callback(chunk, encoding, done));
      return response;
    };
    response.flushHeaders = (): void => this.passHeaders();
    response.destroy = (error?: Error): ServerResponse => {
      this.abort(error ?? new errors.SocketError('other side closed'));
      return response;
    };
  }

  private passHeaders(): void {
    if (this.hasHeaders || this.isOver) return;
    this.hasHeaders = true;
    const { response, handler } = this;
    if (!response.headersSent) response.writeHead(response.statusCode);
    handler.onHeaders?.(
      response.statusCode,
      rawAnswerHeaders(response),
      () => void response.emit('drain'),
      response.statusMessage,
    );
  }

  private passOn(chunk: Chunk, encoding: unknown): boolean {
    this.passHeaders();
    if (this.isOver || !this.mayHaveBody) return true;
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    return this.handler.onData?.(bytes) ?? true;
  }

  private get mayHaveBody(): boolean {
    return this.options.method !== 'HEAD' && !NO_BODY_STATUSES.has(this.response.statusCode);
  }

  private finish(done: (() => void) | undefined): void {
    this.passHeaders();
    if (this.isOver) return;
    this.isOver = true;
    const { response } = this;
    (response as { finished: boolean }).finished = true;
    // Newer versions of Node do not conclude this from the line above, and let nobody set what they go by.
    Object.defineProperty(response, 'writableFinished', { value: true });
    this.handler.onComplete?.([]);
    process.nextTick(() => {
      response.emit('finish');
      done?.();
      this.close();
    });
  }

  /** The caller has gone, or the server has hung up: each side sees what it would if a connection had broken. */
  private abort(reason: Error = new errors.RequestAbortedError()): void {
    if (this.isOver) return;
    this.isOver = true;
    this.socket.destroy();
    this.abandonRequest();
    process.nextTick(() => this.close());
    this.handler.onError?.(reason);
  }

  /** Nobody sends or reads a request any more whose exchange is over. */
  private abandonRequest(): void {
    if (this.request.complete) return;
    this.upload?.stop();
    this.request.destroy();
  }

  private close(): void {
    const { response } = this;
    this.abandonRequest();
    response.destroyed = true;
    response.emit('close');
    this.onEnd();
  }
}

/** @param given what `writeHead` may be given: a record, or names and values in turns */
function setHeaders(response: ServerResponse, given: unknown): void {
  if (typeof given !== 'object' || given === null) return;
  const entries = Array.isArray(given) ? pairsOf(given as string[]) : Object.entries(given);
  const seen = new Set<string>();
  for (const [name, value] of entries) {
    if (seen.has(name)) response.appendHeader(name, value as string);
    else response.setHeader(name, value as string);
    seen.add(name);
  }
}

const pairsOf = (flat: readonly string[]): [string, string][] =>
  flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : []));

const isBytes = (body: unknown): body is Chunk => typeof body === 'string' || body instanceof Uint8Array;

const callback = (...candidates: unknown[]): (() => void) | undefined =>
  candidates.find((candidate): candidate is () => void => typeof candidate === 'function');

/** Names and values in turns. */
function rawHeadersOf(headers: Headers): string[] {
  if (headers === undefined || headers === null) return [];
  if (Array.isArray(headers)) return headers.map(String);
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return entries.flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one): one is string => one !== undefined)
      .flatMap((one) => [name, one]),
  );
}

/** Of headers that may stand once the first counts, and others are joined, as Node does it. */
function headersOf(raw: readonly string[]): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    const value = raw[i + 1] as string;
    const before = headers[name] as string | undefined;
    if (before === undefined) headers[name] = value;
    else if (!SINGLE_HEADERS.has(name)) headers[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  return headers;
}

const SINGLE_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'content-length',
  'content-type',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'user-agent',
]);

function rawAnswerHeaders(response: ServerResponse): Buffer[] {
  return Object.entries(response.getHeaders()).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) => [Buffer.from(name), Buffer.from(String(one))]),
  );
}
