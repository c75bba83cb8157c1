import { flightRescheduled } from '@flight-booking/contracts';
import { consume, type EventConsumer } from '@flight-booking/platform';
import type { FlightRepository } from './flight.repository.js';

/** Keeps the departure of a flight true. A flight that is not known here needs nothing. */
export const flightRescheduledConsumer = (flights: FlightRepository): EventConsumer =>
  consume(flightRescheduled, (tx, { flight_id: flightId, departure_time: departure }) =>
    flights.reschedule(tx, flightId, new Date(departure)),
  );
