import { flightCancelled } from '@flight-booking/contracts';
import { consume, type EventConsumer } from '@flight-booking/platform';
import type { FlightRepository } from './flight.repository.js';

/** Closes a flight that the airline withdrew. A flight that is not known here needs nothing. */
export const flightCancelledConsumer = (flights: FlightRepository): EventConsumer =>
  consume(flightCancelled, (tx, { flight_id: flightId }) => flights.markCancelled(tx, flightId));
