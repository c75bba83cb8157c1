import {
  EventInbox,
  ServiceKit,
  type Surroundings,
  type Database,
  type Service,
  type ServiceClient,
} from '@flight-booking/platform';
import { BookingController } from './bookings/booking.controller.js';
import { BookingDeadlines } from './bookings/booking-deadlines.js';
import { BookingEndings } from './bookings/booking-endings.js';
import { BookingEvents } from './bookings/booking-events.js';
import { BookingRepository } from './bookings/booking.repository.js';
import { BookingService } from './bookings/booking.service.js';
import { BookingSettlements } from './bookings/booking-settlements.js';
import { ConfirmBookingService } from './bookings/confirm-booking.service.js';
import { CreateBookingController } from './bookings/create-booking.controller.js';
import { CreateBookingService } from './bookings/create-booking.service.js';
import { decidePaymentHandler } from './bookings/decide-payment.job.js';
import { InternalBookingController } from './bookings/internal-booking.controller.js';
import { meetDeadlineHandler } from './bookings/meet-deadline.job.js';
import { NewBookingRepository } from './bookings/new-booking.repository.js';
import { newRecordLocator } from './bookings/record-locator.js';
import { refundBookingHandler } from './bookings/refund-booking.job.js';
import { releaseSeatsHandler } from './bookings/release-seats.job.js';
import { settleRedemptionHandler } from './bookings/settle-redemption.job.js';
import { policyOf } from './cancellations/cancellation-policy.js';
import { composeCancellations } from './cancellations/composition.js';
import type { Config } from './config.js';
import { DiscountClient } from './discounts/discount.client.js';
import { FlightSearchClient } from './flights/flight-search.client.js';
import { composeOperations } from './operations/composition.js';
import { recorded } from './operations/follow-up.js';
import { FollowUpRepository } from './operations/follow-up.repository.js';
import { BookingPaymentRepository } from './payments/booking-payment.repository.js';
import { PaymentClient } from './payments/payment.client.js';
import { PaymentStateRepository } from './reconciliation/payment-state.repository.js';
import { PaymentStatesController } from './reconciliation/payment-states.controller.js';
import { PaymentStatesService } from './reconciliation/payment-states.service.js';
import { SeatClient } from './seats/seat.client.js';
import { BookingFactRepository } from './timeline/booking-fact.repository.js';
import { TimelineClient } from './timeline/timeline.client.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { neighbourName, type NeighbourName } from './timeline/timeline.schemas.js';
import { TimelineService } from './timeline/timeline.service.js';

/** What booking-service is given besides its configuration. */
export interface BookingSurroundings extends Surroundings {
  /** For tests that make two record locators the same. */
  readonly newRecordLocator?: () => string;
}

/** The services that do something for bookings. */
type Neighbours = Readonly<Record<NeighbourName, ServiceClient>>;

/** Builds booking-service; nothing is opened before it starts. */
export function compose(config: Config, surroundings: BookingSurroundings = {}): Service {
  const kit = new ServiceKit('booking-service', config, surroundings);
  const { jobs, clock } = kit;
  const patienceMs = config.SAGA_PATIENCE_MS;
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const flights = new FlightSearchClient(kit.client('flight-search', config.FLIGHT_SEARCH_URL));
  const neighbours = neighboursOf(kit, config);
  const seats = new SeatClient(neighbours.seat);
  const discounts = new DiscountClient(neighbours.discount);
  const refunds = new PaymentClient(neighbours.payment);
  const publisher = kit.events({ notification: neighbours.notification, ticket: neighbours.ticket });

  const events = new BookingEvents(publisher);
  const bookings = new BookingRepository();
  const payments = new BookingPaymentRepository();
  const endings = new BookingEndings(bookings, jobs, events);

  const creation = new CreateBookingService(
    database,
    { bookings, newBookings: new NewBookingRepository(), endings },
    { flights, seats, discounts },
    { clock, bookingTtlMs: config.BOOKING_TTL_MS, patienceMs },
    surroundings.newRecordLocator ?? newRecordLocator,
  );
  const records = { bookings, payments, endings, events, jobs };
  const confirmations = new ConfirmBookingService(database, records, { seats, discounts }, clock, patienceMs);
  const deadlines = new BookingDeadlines(database, bookings, payments, endings);
  const settlements = new BookingSettlements(database, bookings, payments, discounts, refunds);
  const service = new BookingService(database, bookings, events);
  const followUps = new FollowUpRepository();
  const keys = kit.idempotencyKeys(database);
  const cancelling = { bookings, endings, events, flights, keys };
  const cancellations = composeCancellations(kit, database, cancelling, policyOf(config));
  const { feeReturns } = cancellations;
  const operations = composeOperations(kit, database, { bookings, endings, feeReturns, keys }, patienceMs);

  kit.jobRunner(database, config, [
    meetDeadlineHandler(deadlines),
    recorded(releaseSeatsHandler(seats), database, followUps),
    recorded(settleRedemptionHandler(settlements), database, followUps),
    recorded(refundBookingHandler(settlements), database, followUps),
    decidePaymentHandler(confirmations),
    ...cancellations.handlers,
    operations.handler,
    publisher.handler(),
  ]);
  return kit.service([
    new CreateBookingController(creation, keys),
    new BookingController(service),
    cancellations.controller,
    new InternalBookingController(service, confirmations),
    new TimelineController(timelinesOf(database, service, neighbours)),
    operations.controller,
    new PaymentStatesController(new PaymentStatesService(database, new PaymentStateRepository())),
    kit.stuckJobs(database, '/api/bookings'),
    new EventInbox(database, [cancellations.consumer]),
  ]);
}

const neighboursOf = (kit: ServiceKit, config: Config): Neighbours => ({
  seat: kit.client('seat', config.SEAT_URL),
  discount: kit.client('discount', config.DISCOUNT_URL),
  payment: kit.client('payment', config.PAYMENT_URL),
  ticket: kit.client('ticket', config.TICKET_URL),
  notification: kit.client('notification', config.NOTIFICATION_URL),
});

/** Tells what happened to bookings, here and at the neighbours. */
const timelinesOf = (database: Database, bookings: BookingService, neighbours: Neighbours): TimelineService =>
  new TimelineService(
    database,
    bookings,
    new BookingFactRepository(),
    neighbourName.options.map((name) => new TimelineClient(name, neighbours[name])),
  );
