import { id } from '@flight-booking/contracts';
import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** Frees the seats of a booking that nobody paid in time. */
export const expireReservation = defineJob('expire-reservation', z.strictObject({ booking_id: id }));
