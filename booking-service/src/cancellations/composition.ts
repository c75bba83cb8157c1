import type { Database, IdempotencyKeys, ServiceKit } from '@flight-booking/platform';
import type { BookingEndings } from '../bookings/booking-endings.js';
import type { BookingEvents } from '../bookings/booking-events.js';
import type { BookingRepository } from '../bookings/booking.repository.js';
import { CancelledFlightRepository } from '../flights/cancelled-flight.repository.js';
import type { FlightSearchClient } from '../flights/flight-search.client.js';
import { CancelBookingService } from './cancel-booking.service.js';
import { cancelFlightBookingsHandler } from './cancel-flight-bookings.job.js';
import { cancelForFlightHandler } from './cancel-for-flight.job.js';
import { CancellationController } from './cancellation.controller.js';
import type { CancellationPolicy } from './cancellation-policy.js';
import { CancellationQuoteRepository } from './cancellation-quote.repository.js';
import { CancellationQuotes } from './cancellation-quotes.js';
import { FeeReturns } from './fee-returns.js';
import { flightCancelledConsumer } from './flight-cancelled.consumer.js';
import { ReturnedFeeRepository } from './returned-fee.repository.js';

/** What bookings are cancelled with. */
export interface CancellationParts {
  readonly bookings: BookingRepository;
  readonly endings: BookingEndings;
  readonly events: BookingEvents;
  readonly flights: FlightSearchClient;
  readonly keys: IdempotencyKeys;
}

/** Wires cancelling together. */
export function composeCancellations(
  { jobs }: ServiceKit,
  database: Database,
  { bookings, endings, events, flights, keys }: CancellationParts,
  policy: CancellationPolicy,
) {
  const quotes = new CancellationQuoteRepository();
  const service = new CancelBookingService(
    database,
    { bookings, endings, cancelledFlights: new CancelledFlightRepository(), jobs },
    new CancellationQuotes(quotes, policy),
    flights,
  );
  return {
    feeReturns: new FeeReturns({ quotes, returnedFees: new ReturnedFeeRepository(), events, jobs }),
    controller: new CancellationController(service, keys),
    consumer: flightCancelledConsumer(service),
    handlers: [cancelFlightBookingsHandler(service), cancelForFlightHandler(service)],
  };
}
