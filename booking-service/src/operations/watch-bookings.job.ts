import { defineJob, handleJob, type JobHandler } from '@flight-booking/platform';
import { z } from 'zod';
import type { WatchBookingsService } from './watch-bookings.service.js';

const watchBookings = defineJob('watch-bookings', z.unknown());

const EVERY_MINUTE = '* * * * *';

/** Looks every minute for bookings whose work was lost. */
export const watchBookingsHandler = (watch: WatchBookingsService): JobHandler =>
  handleJob(
    watchBookings,
    async () => {
      await watch.watch();
    },
    { cron: EVERY_MINUTE },
  );
