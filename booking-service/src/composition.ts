import { EventInbox, ServiceKit, type Service } from '@flight-booking/platform';
import { BookingController } from './bookings/booking.controller.js';
import { BookingDeadlines } from './bookings/booking-deadlines.js';
import { BookingEndings } from './bookings/booking-endings.js';
import { BookingEvents } from './bookings/booking-events.js';
import { bookingJobHandlers } from './bookings/booking-job-handlers.js';
import { BookingRepository } from './bookings/booking.repository.js';
import { BookingService } from './bookings/booking.service.js';
import { BookingSettlements } from './bookings/booking-settlements.js';
import { CancelBookingService } from './bookings/cancel-booking.service.js';
import { ConfirmBookingService } from './bookings/confirm-booking.service.js';
import { CreateBookingService } from './bookings/create-booking.service.js';
import { InternalBookingController } from './bookings/internal-booking.controller.js';
import { newRecordLocator } from './bookings/record-locator.js';
import type { Config } from './config.js';
import { DiscountClient } from './discounts/discount.client.js';
import { CancelledFlightRepository } from './flights/cancelled-flight.repository.js';
import { flightCancelledConsumer } from './flights/flight-cancelled.consumer.js';
import { FlightSearchClient } from './flights/flight-search.client.js';
import { BookingPaymentRepository } from './payments/booking-payment.repository.js';
import { PaymentClient } from './payments/payment.client.js';
import { SeatClient } from './seats/seat.client.js';

/** What tests make predictable. */
export interface Chance {
  readonly newRecordLocator: () => string;
}

/** Builds booking-service. */
export function compose(config: Config, chance: Chance = { newRecordLocator }): Service {
  const kit = new ServiceKit('booking-service', config);
  const { jobs, clock } = kit;
  const patienceMs = config.SAGA_PATIENCE_MS;
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const flights = new FlightSearchClient(kit.client('flight-search', config.FLIGHT_SEARCH_URL), clock);
  const seats = new SeatClient(kit.client('seat', config.SEAT_URL));
  const discounts = new DiscountClient(kit.client('discount', config.DISCOUNT_URL));
  const refunds = new PaymentClient(kit.client('payment', config.PAYMENT_URL));
  const publisher = kit.events({ notification: kit.client('notification', config.NOTIFICATION_URL) });

  const events = new BookingEvents(publisher);
  const bookings = new BookingRepository(chance.newRecordLocator);
  const payments = new BookingPaymentRepository();
  const cancelledFlights = new CancelledFlightRepository();
  const endings = new BookingEndings(bookings, jobs, events);

  const timing = { clock, bookingTtlMs: config.BOOKING_TTL_MS, patienceMs };
  const creation = new CreateBookingService(
    database,
    bookings,
    endings,
    { flights, seats, discounts },
    timing,
  );
  const records = { bookings, payments, endings, events, jobs };
  const confirmations = new ConfirmBookingService(database, records, seats, clock, patienceMs);
  const cancellations = new CancelBookingService(database, { bookings, endings, cancelledFlights, jobs });
  const deadlines = new BookingDeadlines(database, bookings, payments, endings);
  const settlements = new BookingSettlements(database, bookings, discounts, refunds);
  const service = new BookingService(database, bookings, events);

  const workers = { seats, deadlines, settlements, cancellations, confirmations };
  kit.jobRunner(database, config, [...bookingJobHandlers(workers), publisher.handler()]);
  return kit.service([
    new BookingController(creation, service, cancellations),
    new InternalBookingController(service, confirmations),
    new EventInbox(database, [flightCancelledConsumer(cancellations)]),
  ]);
}
