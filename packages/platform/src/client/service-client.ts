import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  ExponentialBackoff,
  circuitBreaker,
  handleWhen,
  retry,
} from 'cockatiel';
import { errors, type Dispatcher } from 'undici';
import type { z } from 'zod';
import type { ServiceTokens } from '../auth/service-tokens.js';
import { currentContext, headersFromContext } from '../context/request-context.js';
import { problem } from '../http/problem.js';
import type { Metrics } from '../metrics/metrics.js';
import { overNetwork, type Connect, type Connection } from './connect.js';
import { ServiceAddresses } from './service-addresses.js';
import {
  DeadlineExceeded,
  UnexpectedAnswer,
  UpstreamProblem,
  UpstreamTimeout,
  UpstreamUnavailable,
} from './upstream.errors.js';

/** A call to another service. */
export interface ServiceCall<Schema extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  /** What a good answer looks like. */
  readonly answer: Schema;
  /**
   * Whether the call may be sent again when nobody knows if the first one arrived. GET, PUT and DELETE are;
   * a POST is when its receiver says so.
   */
  readonly idempotent?: boolean;
  readonly timeoutMs?: number;
}

/** How a client behaves towards its service. */
export interface ServiceClientOptions {
  /** Name of the service, for errors and metrics. */
  readonly upstream: string;
  /** Base addresses of the copies of the service. */
  readonly addresses: readonly string[];
  /** Over the network unless given. */
  readonly connect?: Connect;
}

const CONNECTIONS = 64;
const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 3;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1_000;
const FAILURES_THAT_OPEN = 8;
const HALF_OPEN_AFTER_MS = 1_000;
const LOWEST_CLIENT_ERROR = 400;
const LOWEST_SERVER_ERROR = 500;

/** The least time that a caller must have given for a timeout to count against the service rather than the caller. */
const FAIR_CHANCE_MS = 1_000;
const UNAUTHORIZED = 401;

/** What came back, whatever it says. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Whether the service itself failed, so that trying again makes sense and many of these open the circuit. */
const isOutage = (error: unknown): boolean =>
  (error instanceof UpstreamUnavailable && !(error instanceof UnexpectedAnswer)) ||
  (error instanceof UpstreamTimeout && !(error instanceof DeadlineExceeded));

/**
 * Calls one other service, its copies in turn: kept-alive connections, a timeout bounded by the request's own
 * deadline, retries with exponential backoff and jitter on idempotent calls alone, and a circuit breaker. A call whose
 * token is refused took no effect, so it is sent once more with a new one, whatever its method.
 */
export class ServiceClient {
  private readonly addresses: ServiceAddresses;
  private readonly connections: ReadonlyMap<string, Connection>;
  private readonly breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_THAT_OPEN),
  });
  private readonly repeatedly = retry(handleWhen(isOutage), {
    maxAttempts: MAX_ATTEMPTS - 1,
    backoff: new ExponentialBackoff({ initialDelay: FIRST_RETRY_MS, maxDelay: LAST_RETRY_MS }),
  });

  constructor(
    private readonly options: ServiceClientOptions,
    private readonly tokens: ServiceTokens,
    private readonly metrics: Metrics,
  ) {
    this.addresses = new ServiceAddresses(options.addresses);
    const { addresses, connect = overNetwork } = options;
    this.connections = new Map(
      addresses.map((address) => [
        address,
        connect(address, { connections: CONNECTIONS, keepAliveTimeout: 30_000 }),
      ]),
    );
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    for (const connection of this.connections.values()) if (!connection.destroyed) await connection.destroy();
  }

  /**
   * @throws UpstreamProblem when the service refused
   * @throws UpstreamUnavailable | UpstreamTimeout when nobody knows
   */
  async call<Schema extends z.ZodType>(call: ServiceCall<Schema>): Promise<z.output<Schema>> {
    const repeatable = call.idempotent ?? call.method !== 'POST';
    try {
      return await (repeatable ? this.repeatedly.execute(() => this.attempt(call)) : this.attempt(call));
    } catch (error) {
      if (error instanceof BrokenCircuitError)
        throw new UpstreamUnavailable(this.options.upstream, { cause: error });
      throw error;
    }
  }

  private async attempt<Schema extends z.ZodType>(call: ServiceCall<Schema>): Promise<z.output<Schema>> {
    const first = await this.authorized(call);
    const answer = first.status === UNAUTHORIZED ? await this.authorized(call) : first;
    if (answer.status < LOWEST_CLIENT_ERROR) return this.expected(call.answer, answer.body);
    throw new UpstreamProblem(this.options.upstream, this.expected(problem, answer.body));
  }

  private expected<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw new UnexpectedAnswer(this.options.upstream, { cause: parsed.error });
    return parsed.data;
  }

  /** The token is fetched outside the circuit breaker: auth-service's outage is not this service's. */
  private async authorized(call: ServiceCall<z.ZodType>): Promise<Answer> {
    const token = await this.tokens.token();
    const answer = await this.breaker.execute(() => this.measured(call, token));
    if (answer.status === UNAUTHORIZED) this.tokens.forget(token);
    return answer;
  }

  private async measured(call: ServiceCall<z.ZodType>, token: string): Promise<Answer> {
    const end = this.metrics.upstreamDuration.startTimer({ upstream: this.options.upstream });
    try {
      const answer = await this.exchange(call, token);
      if (answer.status >= LOWEST_SERVER_ERROR) throw new UpstreamUnavailable(this.options.upstream);
      end({ outcome: answer.status >= LOWEST_CLIENT_ERROR ? 'refused' : 'ok' });
      return answer;
    } catch (error) {
      end({ outcome: 'failed' });
      throw error;
    }
  }

  private async exchange(call: ServiceCall<z.ZodType>, token: string): Promise<Answer> {
    const context = currentContext();
    const remainingMs = context?.deadlineAt === undefined ? Infinity : context.deadlineAt - Date.now();
    if (remainingMs <= 0) throw new DeadlineExceeded(this.options.upstream);
    const timeoutMs = Math.min(call.timeoutMs ?? DEFAULT_TIMEOUT_MS, Math.ceil(remainingMs));
    const request: Dispatcher.RequestOptions = {
      method: call.method,
      path: call.path,
      headers: {
        authorization: `Bearer ${token}`,
        ...(call.body !== undefined && { 'content-type': call.contentType ?? 'application/json' }),
        ...(context !== undefined && headersFromContext(context)),
      },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: AbortSignal.timeout(timeoutMs),
    };
    try {
      const { statusCode, body } = await this.addresses.first((address) =>
        this.connectionTo(address).request(request),
      );
      const text = await body.text();
      return { status: statusCode, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    } catch (error) {
      const hurried = timeoutMs === Math.ceil(remainingMs) && timeoutMs < FAIR_CHANCE_MS;
      throw this.outageOf(error, hurried);
    }
  }

  private connectionTo(address: string): Connection {
    return this.connections.get(address) as Connection;
  }

  /** @param hurried whether the caller's own deadline left the service too little time */
  private outageOf(error: unknown, hurried: boolean): UpstreamTimeout | UpstreamUnavailable {
    const timedOut =
      (error instanceof Error && error.name === 'TimeoutError') ||
      error instanceof errors.HeadersTimeoutError ||
      error instanceof errors.BodyTimeoutError;
    if (!timedOut) return new UpstreamUnavailable(this.options.upstream, { cause: error });
    return hurried
      ? new DeadlineExceeded(this.options.upstream, { cause: error })
      : new UpstreamTimeout(this.options.upstream, { cause: error });
  }
}
