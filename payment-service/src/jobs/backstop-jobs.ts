import type { Job, JobQueue, Queries } from '@flight-booking/platform';
import type { z } from 'zod';

/** How long a request is left to its own devices. */
export interface BackstopTiming {
  readonly fastPathMs: number;
  readonly providerTimeoutMs: number;
}

/**
 * Adds the durable jobs that stand behind what a request does by itself. Each is added in the transaction that
 * makes it necessary and begins when the request should be through: usually it then finds its work done.
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
    options: { readonly key: string; readonly afterMs: number },
  ): Promise<void> {
    await this.jobs.add(tx, job, data, options);
  }

  /** For a request that has to wait for the provider first. */
  async addAfterProvider<Payload extends z.ZodType>(
    tx: Queries,
    job: Job<Payload>,
    data: z.input<Payload>,
  ): Promise<void> {
    await this.add(tx, job, data, this.timing.providerTimeoutMs + this.timing.fastPathMs);
  }
}
