import { z } from 'zod';
import { defineJob } from '../jobs/job.js';
import { handleJob, type JobHandler } from '../jobs/job-runner.js';
import type { Database } from '../postgres/database.js';
import { IdempotencyKeyRepository } from './idempotency-key.repository.js';

const forgetIdempotencyKeys = defineJob('forget-idempotency-keys', z.unknown());

const EVERY_HOUR = '41 * * * *';

/** Forgets, every hour, the keys whose day is over. */
export const forgetIdempotencyKeysHandler = (database: Database): JobHandler =>
  handleJob(forgetIdempotencyKeys, () => new IdempotencyKeyRepository().sweep(database), {
    cron: EVERY_HOUR,
  });
