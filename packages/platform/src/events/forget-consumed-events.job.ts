import { z } from 'zod';
import { defineJob } from '../jobs/job.js';
import { handleJob, type JobHandler } from '../jobs/job-runner.js';
import type { Database } from '../postgres/database.js';

const forgetConsumedEvents = defineJob('forget-consumed-events', z.unknown());

const EVERY_NIGHT = '23 2 * * *';
/** Far longer than any delivery is tried again. */
const KEPT = '30 days';

/** Forgets, every night, events that nobody can deliver again any more. */
export const forgetConsumedEventsHandler = (database: Database): JobHandler =>
  handleJob(
    forgetConsumedEvents,
    async () => {
      await database.execute(`delete from consumed_events where consumed_at < now() - interval '${KEPT}'`);
    },
    { cron: EVERY_NIGHT },
  );
