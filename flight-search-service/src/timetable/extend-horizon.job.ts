import { handleJob, type JobHandler } from '@flight-booking/platform';
import { extendHorizon } from './timetable.jobs.js';
import type { TimetableService } from './timetable.service.js';

/** A quarter past midnight in India, by UTC. */
const DAILY = '45 18 * * *';

/** The daily work of {@link extendHorizon}. */
export const extendHorizonHandler = (timetable: TimetableService): JobHandler =>
  handleJob(extendHorizon, () => timetable.extend(), { cron: DAILY });
