import { flightRescheduled } from '@flight-booking/contracts';
import { consume, type EventConsumer } from '@flight-booking/platform';
import type { FlightRepository } from './flight.repository.js';

/** Keeps the departure of a flight true, in whatever order its events are delivered. */
export const flightRescheduledConsumer = (flights: FlightRepository): EventConsumer =>
  consume(flightRescheduled, (tx, { flight_id: flightId, departure_time: departure }, { time }) =>
    flights.reschedule(tx, flightId, new Date(departure), new Date(time)),
  );
