import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  ExponentialBackoff,
  circuitBreaker,
  handleWhen,
  retry,
  wrap,
  type IPolicy,
} from 'cockatiel';
import { Pool, errors, type Dispatcher } from 'undici';
import type { z } from 'zod';
import type { ServiceTokens } from '../auth/service-tokens.js';
import { currentContext, headersFromContext } from '../context/request-context.js';
import { problem } from '../http/problem.js';
import type { Metrics } from '../metrics/metrics.js';
import { UpstreamProblem, UpstreamTimeout, UpstreamUnavailable } from './upstream.errors.js';

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
  readonly baseUrl: string;
}

const CONNECTIONS = 64;
const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 3;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1_000;
const FAILURES_THAT_OPEN = 8;
const HALF_OPEN_AFTER_MS = 1_000;
const LOWEST_SERVER_ERROR = 500;

const isOutage = (error: unknown): boolean =>
  error instanceof UpstreamUnavailable || error instanceof UpstreamTimeout;

/**
 * Calls one other service: kept-alive connections, a timeout bounded by the request's own deadline, retries
 * with exponential backoff and jitter on idempotent calls alone, and a circuit breaker.
 */
export class ServiceClient {
  private readonly pool: Pool;
  private readonly breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_THAT_OPEN),
  });
  private readonly once: IPolicy = this.breaker;
  private readonly repeatedly: IPolicy = wrap(
    retry(handleWhen(isOutage), {
      maxAttempts: MAX_ATTEMPTS - 1,
      backoff: new ExponentialBackoff({ initialDelay: FIRST_RETRY_MS, maxDelay: LAST_RETRY_MS }),
    }),
    this.breaker,
  );

  constructor(
    private readonly options: ServiceClientOptions,
    private readonly tokens: ServiceTokens,
    private readonly metrics: Metrics,
  ) {
    this.pool = new Pool(options.baseUrl, { connections: CONNECTIONS, keepAliveTimeout: 30_000 });
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    if (!this.pool.destroyed) await this.pool.destroy();
  }

  /**
   * @throws UpstreamProblem when the service refused
   * @throws UpstreamUnavailable | UpstreamTimeout when nobody knows
   */
  async call<Schema extends z.ZodType>(call: ServiceCall<Schema>): Promise<z.output<Schema>> {
    const policy = (call.idempotent ?? call.method !== 'POST') ? this.repeatedly : this.once;
    try {
      return await policy.execute(() => this.measured(call));
    } catch (error) {
      if (error instanceof BrokenCircuitError)
        throw new UpstreamUnavailable(this.options.upstream, { cause: error });
      throw error;
    }
  }

  private async measured<Schema extends z.ZodType>(call: ServiceCall<Schema>): Promise<z.output<Schema>> {
    const end = this.metrics.upstreamDuration.startTimer({ upstream: this.options.upstream });
    try {
      const answer = await this.send(call);
      end({ outcome: 'ok' });
      return answer;
    } catch (error) {
      end({ outcome: error instanceof UpstreamProblem ? 'refused' : 'failed' });
      throw error;
    }
  }

  private async send<Schema extends z.ZodType>(call: ServiceCall<Schema>): Promise<z.output<Schema>> {
    const token = await this.tokens.token();
    const answer = await this.exchange(call, token);
    if (answer.status >= LOWEST_SERVER_ERROR) throw new UpstreamUnavailable(this.options.upstream);
    if (answer.status >= 400) {
      const parsed = problem.safeParse(answer.body);
      if (!parsed.success) throw new UpstreamUnavailable(this.options.upstream, { cause: parsed.error });
      if (parsed.data.status === 401) this.tokens.forget(token);
      throw new UpstreamProblem(this.options.upstream, parsed.data);
    }
    return call.answer.parse(answer.body);
  }

  private async exchange(
    call: ServiceCall<z.ZodType>,
    token: string,
  ): Promise<{ status: number; body: unknown }> {
    const context = currentContext();
    const remaining = context?.deadlineAt === undefined ? Infinity : context.deadlineAt - Date.now();
    const timeoutMs = Math.max(1, Math.min(call.timeoutMs ?? DEFAULT_TIMEOUT_MS, remaining));
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
      const { statusCode, body } = await this.pool.request(request);
      const text = await body.text();
      return { status: statusCode, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    } catch (error) {
      throw this.outageOf(error);
    }
  }

  private outageOf(error: unknown): UpstreamTimeout | UpstreamUnavailable {
    const timedOut =
      (error instanceof Error && error.name === 'TimeoutError') ||
      error instanceof errors.HeadersTimeoutError ||
      error instanceof errors.BodyTimeoutError;
    return timedOut
      ? new UpstreamTimeout(this.options.upstream, { cause: error })
      : new UpstreamUnavailable(this.options.upstream, { cause: error });
  }
}
