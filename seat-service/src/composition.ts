import { EventInbox, ServiceKit, type Surroundings, type Service } from '@flight-booking/platform';
import type { Config } from './config.js';
import { flightCancelledConsumer } from './flights/flight-cancelled.consumer.js';
import { flightRescheduledConsumer } from './flights/flight-rescheduled.consumer.js';
import { FlightRepository } from './flights/flight.repository.js';
import { FlightSearchClient } from './flights/flight-search.client.js';
import { FlightService } from './flights/flight.service.js';
import { expireReservationHandler } from './reservations/expire-reservation.job.js';
import { ReservationController } from './reservations/reservation.controller.js';
import { ReservationLocks } from './reservations/reservation-locks.js';
import { ReservationRepository } from './reservations/reservation.repository.js';
import { ReservationService } from './reservations/reservation.service.js';
import { SaleRepository } from './reservations/sale.repository.js';
import { SaleService } from './reservations/sale.service.js';
import { announceSeatsHandler } from './seats/announce-seats.job.js';
import { AnnouncementRepository } from './seats/announcement.repository.js';
import { LockController } from './seats/lock.controller.js';
import { LockStore } from './seats/lock-store.js';
import { SEARCH_SUBSCRIBER, SeatAnnouncer } from './seats/seat-announcer.js';
import { SeatController } from './seats/seat.controller.js';
import { SeatLocks } from './seats/seat-locks.js';
import { SeatRepository } from './seats/seat.repository.js';
import { SeatService } from './seats/seat.service.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { TimelineService } from './timeline/timeline.service.js';

/** Wires seat-service together. Nothing is opened before the service starts. */
export function compose(config: Config, surroundings: Surroundings = {}): Service {
  const kit = new ServiceKit('seat-service', config, surroundings);
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const redis = kit.redis(config.REDIS_URL);
  const flightSearch = kit.client('flight-search', config.FLIGHT_SEARCH_URL);
  const events = kit.events({ [SEARCH_SUBSCRIBER]: flightSearch });
  const outcomes = kit.metrics.counter('seat_locks_total', 'Lock requests, by outcome.', [
    'outcome',
  ] as const);

  const flightRows = new FlightRepository();
  const seatRows = new SeatRepository();
  const reservationRows = new ReservationRepository();
  const saleRows = new SaleRepository();
  const flights = new FlightService(database, flightRows, new FlightSearchClient(flightSearch));
  const locks = new SeatLocks(new LockStore(redis), database, seatRows, outcomes, {
    ttlMs: config.LOCK_TTL_MS,
  });
  const seats = new SeatService(database, flights, seatRows, locks);
  const reservations = new ReservationService(
    database,
    reservationRows,
    saleRows,
    flightRows,
    seatRows,
    new ReservationLocks(locks, database, new AnnouncementRepository()),
  );

  const sales = new SaleService(database, saleRows, reservationRows, reservations);

  kit.jobRunner(database, config, [
    announceSeatsHandler(new SeatAnnouncer(database, seatRows, locks, events)),
    expireReservationHandler(reservations),
  ]);
  return kit.service([
    new LockController(seats, kit.idempotencyKeys(database)),
    new SeatController(seats, kit.clock),
    new ReservationController(reservations, sales),
    new TimelineController(new TimelineService(database, reservationRows)),
    kit.stuckJobs(database, '/api/seats'),
    new EventInbox(database, [flightCancelledConsumer(flightRows), flightRescheduledConsumer(flightRows)]),
  ]);
}
