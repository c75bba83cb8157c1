import { EventInbox, ServiceKit, type Clock, type Service } from '@flight-booking/platform';
import { BookingController } from './bookings/booking.controller.js';
import { BookingDeadlines } from './bookings/booking-deadlines.js';
import { BookingEndings } from './bookings/booking-endings.js';
import { BookingEvents } from './bookings/booking-events.js';
import { BookingRepository } from './bookings/booking.repository.js';
import { BookingService } from './bookings/booking.service.js';
import { BookingSettlements } from './bookings/booking-settlements.js';
import { cancelFlightBookingsHandler } from './bookings/cancel-flight-bookings.job.js';
import { cancelForFlightHandler } from './bookings/cancel-for-flight.job.js';
import { CancelBookingService } from './bookings/cancel-booking.service.js';
import { ConfirmBookingService } from './bookings/confirm-booking.service.js';
import { CreateBookingService } from './bookings/create-booking.service.js';
import { decidePaymentHandler } from './bookings/decide-payment.job.js';
import { flightCancelledConsumer } from './bookings/flight-cancelled.consumer.js';
import { InternalBookingController } from './bookings/internal-booking.controller.js';
import { meetDeadlineHandler } from './bookings/meet-deadline.job.js';
import { NewBookingRepository } from './bookings/new-booking.repository.js';
import { newRecordLocator } from './bookings/record-locator.js';
import { refundBookingHandler } from './bookings/refund-booking.job.js';
import { releaseSeatsHandler } from './bookings/release-seats.job.js';
import { settleRedemptionHandler } from './bookings/settle-redemption.job.js';
import type { Config } from './config.js';
import { DiscountClient } from './discounts/discount.client.js';
import { CancelledFlightRepository } from './flights/cancelled-flight.repository.js';
import { FlightSearchClient } from './flights/flight-search.client.js';
import { BookingPaymentRepository } from './payments/booking-payment.repository.js';
import { PaymentClient } from './payments/payment.client.js';
import { PaymentStatesController } from './payments/payment-states.controller.js';
import { PaymentStatesService } from './payments/payment-states.service.js';
import { SeatClient } from './seats/seat.client.js';

/** What tests make predictable. */
export interface Overrides {
  readonly clock?: Clock;
  readonly newRecordLocator?: () => string;
}

/** Builds booking-service; nothing is opened before it starts. */
export function compose(config: Config, overrides: Overrides = {}): Service {
  const kit = new ServiceKit('booking-service', config, overrides);
  const { jobs, clock } = kit;
  const patienceMs = config.SAGA_PATIENCE_MS;
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const flights = new FlightSearchClient(kit.client('flight-search', config.FLIGHT_SEARCH_URL));
  const seats = new SeatClient(kit.client('seat', config.SEAT_URL));
  const discounts = new DiscountClient(kit.client('discount', config.DISCOUNT_URL));
  const refunds = new PaymentClient(kit.client('payment', config.PAYMENT_URL));
  const publisher = kit.events({
    notification: kit.client('notification', config.NOTIFICATION_URL),
    ticket: kit.client('ticket', config.TICKET_URL),
  });

  const events = new BookingEvents(publisher);
  const bookings = new BookingRepository();
  const payments = new BookingPaymentRepository();
  const cancelledFlights = new CancelledFlightRepository();
  const endings = new BookingEndings(bookings, jobs, events);

  const creation = new CreateBookingService(
    database,
    { bookings, newBookings: new NewBookingRepository(), endings },
    { flights, seats, discounts },
    { clock, bookingTtlMs: config.BOOKING_TTL_MS, patienceMs },
    overrides.newRecordLocator ?? newRecordLocator,
  );
  const records = { bookings, payments, endings, events, jobs };
  const confirmations = new ConfirmBookingService(database, records, seats, clock, patienceMs);
  const cancellations = new CancelBookingService(database, { bookings, endings, cancelledFlights, jobs });
  const deadlines = new BookingDeadlines(database, bookings, payments, endings);
  const settlements = new BookingSettlements(database, bookings, discounts, refunds);
  const service = new BookingService(database, bookings, events);

  kit.jobRunner(database, config, [
    meetDeadlineHandler(deadlines),
    releaseSeatsHandler(seats),
    settleRedemptionHandler(settlements),
    refundBookingHandler(settlements),
    decidePaymentHandler(confirmations),
    cancelFlightBookingsHandler(cancellations),
    cancelForFlightHandler(cancellations),
    publisher.handler(),
  ]);
  return kit.service([
    new BookingController(creation, service, cancellations),
    new InternalBookingController(service, confirmations),
    new PaymentStatesController(new PaymentStatesService(database, payments)),
    new EventInbox(database, [flightCancelledConsumer(cancellations)]),
  ]);
}
