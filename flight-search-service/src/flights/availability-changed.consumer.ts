import { seatsAvailabilityChanged } from '@flight-booking/contracts';
import { consume, type EventConsumer } from '@flight-booking/platform';
import type { FlightRepository } from './flight.repository.js';

/** Keeps the counts of free seats that search shows; seat-service alone decides about seats. */
export const availabilityChangedConsumer = (flights: FlightRepository): EventConsumer =>
  consume(seatsAvailabilityChanged, (tx, { flight_id: flightId, available, version }) =>
    flights.updateAvailability(tx, flightId, available, version),
  );
