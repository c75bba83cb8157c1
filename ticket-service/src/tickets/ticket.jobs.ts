import { id } from '@flight-booking/contracts';
import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** booking-service hears of the ticket of a booking. */
export const tellBooking = defineJob('tell-booking', z.strictObject({ booking_id: id }));

/** By this the job of a booking's ticket is taken back. */
export const tellBookingKey = (bookingId: number): string => `tell-booking:${bookingId}`;
