import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { headersFromContext } from '@flight-booking/platform';
import type { Dispatcher } from 'undici';
import type { ClientAddresses } from '../clients/client-address.js';
import type { RequestCoalescing } from '../coalescing/request-coalescing.js';
import { Exchange, type ExchangeOptions, type OnFailure, type Patience } from './exchange.js';
import { QueuedExchanges } from './queued-exchanges.js';
import { RequestBody } from './request-body.js';
import type { Upstream } from './upstream.js';
import type { Visit } from './visit.js';

/** Passes requests on to services as they came, and their answers back. */
export class Forwarder {
  private readonly queued = new QueuedExchanges();

  constructor(
    private readonly addresses: ClientAddresses,
    private readonly coalescing: RequestCoalescing,
    private readonly patience: Patience,
  ) {}

  /** Sends the request, or has it wait for the answer to the same one; `onFailure` answers when the service does not. */
  forward(visit: Visit, upstream: Upstream, onFailure: OnFailure): void {
    const { response } = visit;
    if (response.destroyed) return;
    const prepare = (serviceMs: number): ExchangeOptions => this.optionsOf(visit, serviceMs);
    const exchange = new Exchange(visit, upstream, prepare, onFailure, this.patience);
    response.on('close', () => exchange.cancel());
    if (response.socket === null) this.queued.add(exchange, visit);
    this.coalescing.send(visit, exchange);
  }

  /** @param serviceMs a service is told how long it has, so that it can give up too */
  private optionsOf(visit: Visit, serviceMs: number): ExchangeOptions {
    const { request, head } = visit;
    return {
      method: request.method as Dispatcher.HttpMethod,
      path: request.url as string,
      headers: this.headersOf(visit, serviceMs),
      body: head.hasBody ? new RequestBody(request) : null,
    };
  }

  private headersOf({ request, head, context }: Visit, serviceMs: number): string[] {
    const peer = this.addresses.peerOf(request.socket);
    const told = this.addresses.isTrusted(peer);
    const { 'x-request-id': requestId = '', traceparent = '' } = headersFromContext(context);
    const headers = head.forwarded;
    headers.push(
      'x-request-id',
      requestId,
      'traceparent',
      traceparent,
      'x-deadline-ms',
      String(serviceMs),
      'x-forwarded-for',
      told && head.forwardedFor !== undefined ? `${head.forwardedFor}, ${peer}` : peer,
      'x-forwarded-proto',
      (told ? head.forwardedProto : undefined) ?? schemeOf(request.socket),
    );
    const host = (told ? head.forwardedHost : undefined) ?? head.host;
    if (host !== undefined) headers.push('x-forwarded-host', host);
    return headers;
  }
}

const schemeOf = (socket: Socket): string =>
  (socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http';
