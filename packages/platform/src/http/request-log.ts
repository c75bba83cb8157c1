import { runInContext, type RequestContext } from '../context/request-context.js';
import { withoutRedaction, type Logger } from '../logging/logger.js';
import { isSampled } from '../logging/sampling.js';
import type { Metrics } from '../metrics/metrics.js';

/** A request that was answered, or whose client did not wait for that. */
export interface AnsweredRequest {
  readonly method: string;
  /** The pattern of its route, never its path. */
  readonly route: string;
  readonly status: number;
  /** By the clock of `performance`. */
  readonly startedAt: number;
}

const LOWEST_REFUSAL = 400;

/** Measures every request, and logs each in one line; of good reads only the share that is asked for. */
export class RequestLog {
  private readonly logger: Logger;

  /** @param sampleRate share of good answers to GET that is logged */
  constructor(
    logger: Logger,
    private readonly metrics: Metrics,
    private readonly sampleRate = 1,
  ) {
    this.logger = withoutRedaction(logger);
  }

  record({ method, route, status, startedAt }: AnsweredRequest, context: RequestContext): void {
    const seconds = (performance.now() - startedAt) / 1_000;
    this.metrics.httpDuration.observe({ method, route, status }, seconds);
    if (method === 'GET' && status < LOWEST_REFUSAL && !isSampled(context.traceId, this.sampleRate)) return;
    const line = { method, route, status, duration_ms: Math.round(seconds * 1e5) / 100 };
    runInContext(context, () => this.logger.info(line, 'request'));
  }
}
