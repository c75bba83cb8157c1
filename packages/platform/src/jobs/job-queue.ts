import type { z } from 'zod';
import type { Queries } from '../postgres/queries.js';
import { envelopeOf, type Job } from './job.js';

/** When and how often a job runs. */
export interface AddJobOptions {
  /** Not before this instant; at once when absent. */
  readonly runAt?: Date;
  /** A job of the same key that has not begun yet is replaced, so that there is one of it. */
  readonly key?: string;
}

const ADD_JOB = {
  name: 'platform-add-job',
  text: `select graphile_worker.add_job($1, payload => $2::json, run_at => $3, max_attempts => $4, job_key => $5)`,
};

/**
 * Adds durable work. Given a transaction, the job exists exactly when the transaction commits; that is the
 * only way in which anything may be caused to happen after a commit.
 */
export class JobQueue {
  async add<Payload extends z.ZodType>(
    queries: Queries,
    job: Job<Payload>,
    data: z.input<Payload>,
    options: AddJobOptions = {},
  ): Promise<void> {
    await queries.execute(ADD_JOB, [
      job.name,
      envelopeOf(job, data),
      options.runAt ?? null,
      job.maxAttempts,
      options.key ?? null,
    ]);
  }
}
