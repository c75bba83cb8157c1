import { defineJob, handleJob, type JobHandler } from '@flight-booking/platform';
import { z } from 'zod';
import type { TimetableService } from './timetable.service.js';

/** A quarter past midnight in India, by UTC. */
const DAILY = '45 18 * * *';

/** Keeps flights on sale up to the horizon. */
export const extendHorizon = defineJob('extend-horizon', z.object({}));

/** The daily work of {@link extendHorizon}. */
export const extendHorizonHandler = (timetable: TimetableService): JobHandler =>
  handleJob(extendHorizon, () => timetable.extend(), { cron: DAILY });
