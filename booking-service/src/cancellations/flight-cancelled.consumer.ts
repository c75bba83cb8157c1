import { flightCancelled } from '@flight-booking/contracts';
import { consume, type EventConsumer } from '@flight-booking/platform';
import type { CancelBookingService } from './cancel-booking.service.js';

/** Every booking on a flight that the airline withdrew is cancelled and refunded. */
export const flightCancelledConsumer = (cancellations: CancelBookingService): EventConsumer =>
  consume(flightCancelled, (tx, { flight_id: flightId, reason }) =>
    cancellations.flightCancelled(tx, flightId, reason),
  );
