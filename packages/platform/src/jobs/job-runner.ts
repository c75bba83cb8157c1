import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Logger as GraphileLogger,
  parseCronItems,
  run,
  type JobHelpers,
  type Runner,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import type { z } from 'zod';
import { runInContext } from '../context/request-context.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Database } from '../postgres/database.js';
import { jobEnvelope, type Job } from './job.js';
import { JobReaper } from './job-reaper.js';
import type { StuckJobs } from './stuck-jobs.js';

/** What a handler knows of the attempt that it is. */
export interface JobAttempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** Whether nothing will try again after this one. */
  readonly last: boolean;
}

/** A kind of job together with the work that it stands for. */
export interface JobHandler {
  readonly job: Job;
  /** Minutes and hours at which the job also runs by itself, as a crontab line's five fields. */
  readonly cron?: string;
  readonly handle: (data: unknown, attempt: JobAttempt) => Promise<void>;
}

/** Binds a job to its work, with the payload checked and typed. The work must be safe to repeat. */
export const handleJob = <Payload extends z.ZodType>(
  job: Job<Payload>,
  work: (data: z.output<Payload>, attempt: JobAttempt) => Promise<void>,
  options: { readonly cron?: string } = {},
): JobHandler => ({
  job,
  ...options,
  handle: async (data, attempt) => work(await job.payload.parseAsync(data), attempt),
});

/** How a service's jobs are worked off. */
export interface JobRunnerOptions {
  /** How many jobs one process works on at once. */
  readonly concurrency: number;
  /** Where those go that were tried as often as they may be. */
  readonly stuckJobs: StuckJobs;
  /** How often the jobs of dead processes and those that are stuck are looked for; two seconds unless given. */
  readonly sweepIntervalMs?: number;
}

const POLL_INTERVAL_MS = 500;

/** So many polls in a row that every worker failed mean that this runner will not recover by itself. */
const FAILED_POLLS_BEFORE_RENEWAL = 4;
const RENEWAL_RETRY_MS = 500;
/** A runner that ends by itself may never have ended; its jobs are taken over, and what it still does is done twice. */
const RENEWAL_PATIENCE_MS = 3_000;

/** In batches of no delay: when one job at a time cannot be noted as done, the queue lets the whole process end. */
const NOTED_IN_BATCHES = { completeJobBatchDelay: 0, failJobBatchDelay: 0 };

/**
 * Works off the durable jobs of a service's own database, with exponential backoff between attempts.
 *
 * When the connection breaks while the queue looks up its kinds of jobs, it remembers the failure and fails every
 * poll from then on. So a runner whose polls keep failing is replaced by a new one, as soon as the database lets it
 * start; and so is one that ends by itself because it could not note that a job is done.
 */
export class JobRunner {
  private starting: Promise<void> | undefined;
  private running: { readonly runner: Runner; readonly reaper: JobReaper } | undefined;
  private failures = 0;

  constructor(
    private readonly database: Database,
    private readonly handlers: readonly JobHandler[],
    private readonly options: JobRunnerOptions,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {
    metrics.gauge(
      'stuck_jobs',
      'Jobs that were tried as often as they may be and wait for an operator.',
      () => this.running?.reaper.stuck ?? 0,
    );
  }

  start(): Promise<void> {
    this.starting ??= this.begin();
    return this.starting;
  }

  /** Waits for the jobs that are being worked on, and for a start that is still under way. */
  async stop(): Promise<void> {
    const { starting } = this;
    this.starting = undefined;
    await starting?.catch(() => undefined);
    await this.end();
  }

  private async begin(): Promise<void> {
    const events: WorkerEvents = new EventEmitter();
    const { stuckJobs, sweepIntervalMs } = this.options;
    const reaper = new JobReaper(this.database, stuckJobs, this.logger, sweepIntervalMs);
    events.on('pool:create', ({ workerPool }) => reaper.guard(workerPool.id));
    events.on('job:start', ({ job }) => reaper.began(Number(job.id)));
    events.on('job:complete', ({ job }) => reaper.ended(Number(job.id)));
    // When several notes fail at once the queue counts wrong and waits for ever to end, so its promise never tells.
    events.on('pool:gracefulShutdown', () => {
      if (this.running?.reaper === reaper) this.renew();
    });
    this.watch(events);
    const runner = await run({
      pgPool: this.database.pool,
      concurrency: this.options.concurrency,
      pollInterval: POLL_INTERVAL_MS,
      noHandleSignals: true,
      taskList: this.taskList(),
      parsedCronItems: parseCronItems(this.cronItems()),
      preset: { worker: NOTED_IN_BATCHES },
      logger: graphileLogger(this.logger),
      events,
    });
    this.running = { runner, reaper };
    await reaper.start();
  }

  /** @param patienceMs how long the jobs that are being worked on are waited for */
  private async end(patienceMs = Infinity): Promise<void> {
    const { running } = this;
    this.running = undefined;
    // A runner that has ended by itself refuses to be stopped.
    const stopped = running?.runner.stop().catch(() => undefined);
    await (patienceMs === Infinity
      ? stopped
      : Promise.race([stopped, sleep(patienceMs, undefined, { ref: false })]));
    await running?.reaper.stop();
  }

  private watch(events: WorkerEvents): void {
    this.failures = 0;
    const worked = (): void => {
      this.failures = 0;
    };
    events.on('worker:getJob:empty', worked);
    events.on('job:start', worked);
    events.on('worker:getJob:error', () => {
      this.failures += 1;
      if (this.failures >= FAILED_POLLS_BEFORE_RENEWAL * this.options.concurrency) this.renew();
    });
  }

  private renew(): void {
    this.failures = -Infinity;
    if (this.starting === undefined) return;
    this.logger.warn('the job runner is being replaced');
    const renewal = this.starting.then(() => this.replace());
    this.starting = renewal;
  }

  private async replace(): Promise<void> {
    while (this.starting !== undefined) {
      try {
        await this.end(RENEWAL_PATIENCE_MS);
        return await this.begin();
      } catch (error) {
        this.logger.warn({ err: error }, 'the job runner cannot be replaced yet');
        await sleep(RENEWAL_RETRY_MS);
      }
    }
  }

  private taskList(): TaskList {
    return Object.fromEntries(
      this.handlers.map((handler) => [
        handler.job.name,
        (payload, helpers) => this.attempt(handler, payload, helpers),
      ]),
    );
  }

  private cronItems(): { task: string; match: string; identifier: string }[] {
    return this.handlers.flatMap(({ job, cron }) =>
      cron === undefined ? [] : [{ task: job.name, match: cron, identifier: job.name }],
    );
  }

  private async attempt(
    { job, handle }: JobHandler,
    payload: unknown,
    { job: queued }: JobHelpers,
  ): Promise<void> {
    const envelope = jobEnvelope.safeParse(payload);
    const context = envelope.success
      ? { requestId: envelope.data.request_id, traceId: envelope.data.trace_id }
      : { requestId: `job-${queued.id}`, traceId: String(queued.id).padStart(32, '0') };
    const data = envelope.success ? envelope.data.data : {};
    const attempt = { attempt: queued.attempts, last: queued.attempts >= queued.max_attempts };
    await runInContext(context, async () => {
      try {
        await handle(data, attempt);
        this.metrics.jobs.inc({ job: job.name, outcome: 'done' });
      } catch (error) {
        this.metrics.jobs.inc({ job: job.name, outcome: 'failed' });
        this.logFailure(error, job.name, attempt);
        throw error;
      }
    });
  }

  /** Not an error yet: after the last attempt the reaper says that the job is stuck. */
  private logFailure(error: unknown, job: string, { attempt, last }: JobAttempt): void {
    const fields = { err: error, job, attempt };
    this.logger.warn(
      fields,
      last ? 'a job failed for the last time' : 'a job failed and will be tried again',
    );
  }
}

/** graphile-worker reports every failed attempt itself; ours above says it with the request's context. */
function graphileLogger(logger: Logger): GraphileLogger {
  return new GraphileLogger(() => (level, message) => {
    if (level === 'warning') logger.warn(message);
    else logger.debug(message);
  });
}
