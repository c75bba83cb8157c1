import { handleJob, type JobHandler } from '@flight-booking/platform';
import { deleteExpiredSessions } from './session.jobs.js';
import type { SessionService } from './session.service.js';

/** At night, and not on the hour when everybody's jobs run. */
const DAILY = '17 3 * * *';

/** Forgets expired sessions once a day. */
export const deleteExpiredSessionsHandler = (sessions: SessionService): JobHandler =>
  handleJob(deleteExpiredSessions, () => sessions.deleteExpired(), { cron: DAILY });
