import { randomUUID } from 'node:crypto';
import {
  bookingCancelled,
  bookingPaymentReturned,
  flightDetails,
  refundRequest,
  type ConfirmBookingAnswer,
  type FlightDetail,
  type RefundRequest,
} from '@flight-booking/contracts';
import {
  patiently,
  ServiceUnderTest,
  StubService,
  type Answer as WholeAnswer,
  type Caller,
  type StubResponse,
} from '@flight-booking/local-stack/testing';
import { Database, createLogger, type CloudEvent, type Service } from '@flight-booking/platform';
import type { BookingView } from '../bookings/booking.schemas.js';
import { compose, type BookingSurroundings } from '../composition.js';
import { readConfig } from '../config.js';
import { EXAMPLE_FARE_PAISE, exampleFlight } from './example-flights.js';
import { SimulatedDiscounts } from './simulated-discounts.js';
import { SimulatedSeats } from './simulated-seats.js';

/** What a service answered. */
export type Answer<Body = Record<string, unknown>> = Pick<WholeAnswer<Body>, 'status' | 'body'>;

/** What any event about a booking may say. */
const eventData = bookingCancelled.data.extend(bookingPaymentReturned.data.shape);
/** See {@link eventData}. */
type EventData = ReturnType<typeof eventData.parse>;

/** A booking-service on a database of its own, with every neighbour simulated at the network. */
export class BookingWorld {
  readonly seats = new SimulatedSeats();
  readonly discounts = new SimulatedDiscounts();
  readonly payment = new StubService();
  readonly ticket = new StubService();
  readonly notification = new StubService();
  readonly flightSearch = new StubService();
  readonly flights = new Map<number, FlightDetail>([[1, exampleFlight()]]);
  private readonly under = new ServiceUnderTest<Service>({
    compose: (environment) => compose(readConfig(environment)),
    neighbours: {
      SEAT_URL: this.seats,
      DISCOUNT_URL: this.discounts,
      PAYMENT_URL: this.payment,
      TICKET_URL: this.ticket,
      NOTIFICATION_URL: this.notification,
      FLIGHT_SEARCH_URL: this.flightSearch,
    },
  });
  private openDatabase: Database | undefined;
  private nextPaymentId = 1_000;

  /** Starts everything but the service itself. */
  async start(): Promise<this> {
    this.payment.on('POST', '/internal/refunds', ({ body }) => {
      const { booking_id } = refundRequest.parse(body);
      return { body: { booking_id, refunded_paise: 0, refunds: [] } };
    });
    for (const subscriber of [this.ticket, this.notification])
      subscriber.on('POST', '/internal/events', () => ({ status: 204 }));
    this.flightSearch.on('GET', '/internal/flights', ({ query }) => this.answerFlights(query['ids'] ?? ''));
    await this.under.prepare();
    const options = { url: this.under.database.url, poolSize: 2, applicationName: 'test' };
    this.openDatabase = new Database(options, createLogger('test', 'silent'));
    return this;
  }

  /** Starts a copy of the service; all copies share the database. */
  service(environment: Record<string, string> = {}, overrides: BookingSurroundings = {}): Promise<Service> {
    return this.under.startInstance(environment, (variables) => compose(readConfig(variables), overrides));
  }

  async stop(): Promise<void> {
    await this.openDatabase?.stop();
    await this.under.stop();
  }

  get database(): Database {
    if (this.openDatabase === undefined) throw new Error('The world has not been started.');
    return this.openDatabase;
  }

  /** Sends a request as a customer, or as whoever the token belongs to. */
  async request<Body = Record<string, unknown>>(
    service: Service,
    who: Caller,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>> {
    const answer = await this.under.request<Body>(who, method, path, body, { instance: service });
    // Tests compare whole answers, and headers such as the date are none of their business.
    return { status: answer.status, body: answer.body };
  }

  /** Sends a POST under an `Idempotency-Key`, and says whether its answer is one that was given before. */
  async keyed<Body = Record<string, unknown>>(
    service: Service,
    who: Caller,
    key: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Body> & { readonly replayed: boolean }> {
    const options = { instance: service, headers: { 'idempotency-key': key } };
    const answer = await this.under.request<Body>(who, 'POST', path, body, options);
    const replayed = answer.headers.get('idempotency-replayed') === 'true';
    return { status: answer.status, body: answer.body, replayed };
  }

  /** Books seats on flight 1 for a customer, or as the wish says otherwise. */
  async create(service: Service, userId: number, wish: object = {}): Promise<Answer<BookingView>> {
    const body = { flight_id: 1, num_seats: 1, ...wish };
    return this.request<BookingView>(service, { userId }, 'POST', '/api/bookings/create', body);
  }

  /** A booking that was created; fails when that was refused. */
  async booked(service: Service, userId: number, wish: object = {}): Promise<BookingView> {
    const { status, body } = await this.create(service, userId, wish);
    if (status !== 201) throw new Error(`The booking was refused: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  newPaymentId(): number {
    this.nextPaymentId += 1;
    return this.nextPaymentId;
  }

  /** Tells the service, as payment-service does, that a payment is captured. */
  async confirm(
    service: Service,
    bookingId: number,
    paymentId = this.newPaymentId(),
    amountPaise = EXAMPLE_FARE_PAISE,
  ): Promise<Answer<ConfirmBookingAnswer>> {
    const body = { payment_id: paymentId, amount_paise: amountPaise };
    const path = `/internal/bookings/${bookingId}/confirm`;
    return this.request<ConfirmBookingAnswer>(service, { service: 'payment-service' }, 'POST', path, body);
  }

  /** Tells the service, as flight-search does, that a flight is cancelled. */
  async cancelFlight(service: Service, flightId: number, eventId = randomUUID()): Promise<number> {
    const event: CloudEvent = {
      specversion: '1.0',
      id: eventId,
      source: 'flight-search-service',
      type: 'flight.cancelled',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: { flight_id: flightId, reason: 'fog' },
    };
    const { status } = await this.under.request(
      { service: 'flight-search-service' },
      'POST',
      '/internal/events',
      event,
      { instance: service, headers: { 'content-type': 'application/cloudevents+json' } },
    );
    return status;
  }

  /** Lets the time pass that every job still waits for. */
  async timePasses(): Promise<void> {
    await this.database.execute(
      `select graphile_worker.reschedule_jobs(array_agg(id), run_at => now()) from graphile_worker.jobs having count(*) > 0`,
    );
  }

  /** The state of a booking as it is stored. */
  async statusOf(bookingId: number): Promise<string> {
    const { status } = await this.database.row<{ status: string }>(
      'select status from bookings where booking_id = $1',
      [bookingId],
    );
    return status;
  }

  /** Every state that a booking has had, in order. */
  async historyOf(bookingId: number): Promise<string[]> {
    const rows = await this.database.rows<{ step: string }>(
      `select to_status || ' ' || cause as step from booking_history where booking_id = $1 order by history_id`,
      [bookingId],
    );
    return rows.map(({ step }) => step);
  }

  /** Types of the events about a booking that notification-service received, each event once. */
  eventsOf(bookingId: number): string[] {
    return this.eventsToldTo(this.notification, bookingId).map(({ type }) => type);
  }

  /** The events about a booking that a neighbour received, each once. */
  eventsToldTo(subscriber: StubService, bookingId: number): (CloudEvent & { data: EventData })[] {
    const deliveries = subscriber.requests.filter(({ path }) => path === '/internal/events');
    const events = deliveries.map(({ body }) => {
      const event = body as CloudEvent;
      return { ...event, data: eventData.parse(event.data) };
    });
    const about = events.filter(({ data }) => data.booking_id === bookingId);
    return [...new Map(about.map((event) => [event.id, event])).values()];
  }

  /** The refunds that were asked for a booking. */
  refundsAskedFor(bookingId: number): RefundRequest[] {
    const asked = this.payment.requests.filter(({ path }) => path === '/internal/refunds');
    return asked.map(({ body }) => body as RefundRequest).filter((body) => body.booking_id === bookingId);
  }

  /** The reasons of the refunds that were asked for a booking. */
  refundReasonsOf(bookingId: number): string[] {
    return this.refundsAskedFor(bookingId).map(({ reason }) => reason);
  }

  /** How many refunds were asked for a booking. */
  refundsOf(bookingId: number): number {
    return this.refundsAskedFor(bookingId).length;
  }

  private answerFlights(ids: string): StubResponse {
    const flights = ids.split(',').flatMap((id) => this.flights.get(Number(id)) ?? []);
    return { body: flightDetails.parse({ flights }) };
  }
}

/** Waits until something that jobs do has been done. */
export const eventually = (check: () => boolean | Promise<boolean>): Promise<void> =>
  patiently(async () => {
    if (!(await check())) throw new Error(`This did not come true: ${check.toString()}`);
  });
