import { seatsAvailabilityChanged } from '@flight-booking/contracts';
import { consume, type EventConsumer } from '@flight-booking/platform';
import type { FlightRepository } from './flight.repository.js';

/**
 * Keeps the counts of free seats that search shows; seat-service alone decides about seats. A count that is not newer
 * than the one that is kept changes nothing.
 */
export const availabilityChangedConsumer = (flights: FlightRepository): EventConsumer =>
  consume(
    seatsAvailabilityChanged,
    (queries, { flight_id: flightId, available, version }) =>
      flights.updateAvailability(queries, flightId, available, version),
    { repeatable: true },
  );
