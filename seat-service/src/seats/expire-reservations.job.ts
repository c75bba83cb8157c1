import { defineJob, handleJob, type Clock, type JobHandler } from '@flight-booking/platform';
import { z } from 'zod';
import type { ReservationService } from './reservation.service.js';

const expireReservations = defineJob('expire-reservations', z.unknown());

const EVERY_MINUTE = '* * * * *';
/** The booking's own timer comes first; this sweep is for the one that was lost. */
const GRACE_MS = 30_000;
const BATCH = 500;

/** Frees, once a minute, seats that were reserved and never paid. */
export const expireReservationsJob = (reservations: ReservationService, clock: Clock): JobHandler =>
  handleJob(
    expireReservations,
    () => reservations.releaseExpired(new Date(clock.now().getTime() - GRACE_MS), BATCH),
    {
      cron: EVERY_MINUTE,
    },
  );
