import { flightCancelled, flightRescheduled } from '@flight-booking/contracts';
import { consume, type EventConsumer } from '@flight-booking/platform';
import type { FlightRepository } from './flight.repository.js';

/** Keeps flights true to what flight-search says of them. A flight that is not known here needs nothing. */
export const flightConsumers = (flights: FlightRepository): EventConsumer[] => [
  consume(flightCancelled, (tx, { flight_id: flightId }) => flights.markCancelled(tx, flightId)),
  consume(flightRescheduled, (tx, { flight_id: flightId, departure_time: departure }) =>
    flights.reschedule(tx, flightId, new Date(departure)),
  ),
];
