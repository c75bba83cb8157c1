import { addJobValues, type Job, type JobQueue, type Queries } from '@flight-booking/platform';
import type { z } from 'zod';

/** How long a request is left to its own devices. */
export interface BackstopTiming {
  readonly fastPathMs: number;
  readonly providerTimeoutMs: number;
}

/**
 * Adds the durable jobs that stand behind what a request does by itself. Each is added in the transaction that
 * makes it necessary and begins when the request should be through. One that has a key is taken back by the
 * transaction that does its work first; any other then finds its work done.
 */
export class BackstopJobs {
  constructor(
    private readonly jobs: JobQueue,
    private readonly timing: BackstopTiming,
  ) {}

  async add<Payload extends z.ZodType>(
    tx: Queries,
    job: Job<Payload>,
    data: z.input<Payload>,
    afterMs = this.timing.fastPathMs,
  ): Promise<void> {
    await this.jobs.add(tx, job, data, { afterMs });
  }

  /** The same, and of one key there is one that has not begun. */
  async addOnce<Payload extends z.ZodType>(
    tx: Queries,
    job: Job<Payload>,
    data: z.input<Payload>,
    { key, afterMs = this.timing.fastPathMs }: { readonly key: string; readonly afterMs?: number },
  ): Promise<void> {
    await this.jobs.add(tx, job, data, { key, afterMs });
  }

  /** Takes the job of a key back, in the transaction that does its work. */
  async takeBack(tx: Queries, key: string): Promise<void> {
    await this.jobs.takeBack(tx, key);
  }

  /** The values of `addJobSql`, for a statement that writes a row and its job at once. */
  values(job: Job, key: string): unknown[] {
    return addJobValues(job, { key, afterMs: this.timing.fastPathMs });
  }

  /** The same for a request that has to wait for the provider first. */
  valuesAfterProvider(job: Job, key: string): unknown[] {
    const { providerTimeoutMs, fastPathMs } = this.timing;
    return addJobValues(job, { key, afterMs: providerTimeoutMs + fastPathMs });
  }
}
