import { EventInbox, ServiceKit, type Service } from '@flight-booking/platform';
import type { Config } from './config.js';
import { flightConsumers } from './flights/flight.consumers.js';
import { FlightRepository } from './flights/flight.repository.js';
import { FlightSearchClient } from './flights/flight-search.client.js';
import { FlightService } from './flights/flight.service.js';
import { ReservationController } from './seats/reservation.controller.js';
import { ReservationService } from './seats/reservation.service.js';
import { SeatFollowUps } from './seats/seat-follow-ups.js';
import { SeatController } from './seats/seat.controller.js';
import { SeatLocks } from './seats/seat-locks.js';
import { SeatRepository } from './seats/seat.repository.js';
import { SeatService } from './seats/seat.service.js';

/** Wires seat-service together. Nothing is opened before the service starts. */
export function compose(config: Config): Service {
  const kit = new ServiceKit('seat-service', config);
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const redis = kit.redis(config.REDIS_URL);
  const flightSearch = kit.client('flight-search', config.FLIGHT_SEARCH_URL);

  const flightRepository = new FlightRepository();
  const seatRepository = new SeatRepository();
  const outcomes = kit.metrics.counter('seat_locks_total', 'Lock requests, by outcome.', [
    'outcome',
  ] as const);
  const locks = new SeatLocks(redis, database, seatRepository, outcomes, { ttlMs: config.LOCK_TTL_MS });
  const followUps = new SeatFollowUps(
    database,
    kit.jobs,
    seatRepository,
    flightRepository,
    locks,
    kit.events({ 'flight-search': flightSearch }),
  );

  const flights = new FlightService(database, flightRepository, new FlightSearchClient(flightSearch));
  const seats = new SeatService(database, flights, seatRepository, locks, kit.clock);
  const reservations = new ReservationService(
    database,
    seatRepository,
    flightRepository,
    locks,
    followUps,
    kit.clock,
  );

  const handlers = followUps.handlers((bookingId) => reservations.expire(bookingId));
  kit.jobRunner(database, config, handlers);
  return kit.service([
    new SeatController(seats, kit.clock),
    new ReservationController(reservations),
    new EventInbox(database, flightConsumers(flightRepository)),
  ]);
}
