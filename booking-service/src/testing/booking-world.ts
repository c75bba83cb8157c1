import { randomUUID } from 'node:crypto';
import type { ConfirmBookingAnswer, FlightDetail } from '@flight-booking/contracts';
import {
  createTestDatabase,
  StubService,
  TestIssuer,
  type StubResponse,
  type TestDatabase,
  type UserTokenOptions,
} from '@flight-booking/local-stack/testing';
import { Database, createLogger, type CloudEvent, type Service } from '@flight-booking/platform';
import type { BookingView } from '../bookings/booking.schemas.js';
import { compose, type Chance } from '../composition.js';
import { readConfig } from '../config.js';
import { EXAMPLE_FARE_PAISE, exampleFlight } from './example-flights.js';
import { SimulatedDiscounts } from './simulated-discounts.js';
import { SimulatedSeats } from './simulated-seats.js';

/** What a service answered. */
export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
}

const EVENTUALLY_MS = 10_000;

/** A booking-service on a database of its own, with every neighbour simulated at the network. */
export class BookingWorld {
  readonly issuer = new TestIssuer();
  readonly seats = new SimulatedSeats();
  readonly discounts = new SimulatedDiscounts();
  readonly payment = new StubService();
  readonly notification = new StubService();
  readonly flightSearch = new StubService();
  readonly flights = new Map<number, FlightDetail>([[1, exampleFlight()]]);
  private readonly services: Service[] = [];
  private storage: TestDatabase | undefined;
  private openDatabase: Database | undefined;
  private nextPaymentId = 1_000;

  /** Starts everything but the service itself. */
  async start(): Promise<this> {
    this.storage = await createTestDatabase();
    await Promise.all([this.issuer, this.seats, this.discounts, this.payment].map((part) => part.start()));
    await Promise.all([this.notification.start(), this.flightSearch.start()]);
    this.payment.on('POST', '/internal/refunds', () => ({ body: { refunds: [] } }));
    this.notification.on('POST', '/internal/events', () => ({ status: 204 }));
    this.flightSearch.on('GET', '/internal/flights', ({ query }) => this.answerFlights(query['ids'] ?? ''));
    const options = { url: this.storage.url, poolSize: 2, applicationName: 'test' };
    this.openDatabase = new Database(options, createLogger('test', 'silent'));
    return this;
  }

  /** Starts a copy of the service; all copies share the database. */
  async service(environment: Record<string, string> = {}, chance?: Chance): Promise<Service> {
    const config = readConfig({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: this.storage?.url ?? '',
      AUTH_URL: this.issuer.url,
      SERVICE_CLIENT_SECRET: 'a-secret-for-tests-alone',
      SEAT_URL: this.seats.stub.url,
      DISCOUNT_URL: this.discounts.stub.url,
      PAYMENT_URL: this.payment.url,
      NOTIFICATION_URL: this.notification.url,
      FLIGHT_SEARCH_URL: this.flightSearch.url,
      ...environment,
    });
    const service = compose(config, chance);
    this.services.push(service);
    await service.start();
    return service;
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    await this.openDatabase?.stop();
    const stubs = [this.seats.stub, this.discounts.stub, this.payment, this.notification, this.flightSearch];
    await Promise.all([this.issuer, ...stubs].map((part) => part.stop()));
    await this.storage?.drop();
  }

  get database(): Database {
    if (this.openDatabase === undefined) throw new Error('The world has not been started.');
    return this.openDatabase;
  }

  /** Sends a request as a customer, or as whoever the token belongs to. */
  async request<Body = Record<string, unknown>>(
    service: Service,
    who: UserTokenOptions | { readonly service: string } | undefined,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>> {
    const token =
      who === undefined
        ? undefined
        : 'service' in who
          ? await this.issuer.serviceToken(who.service)
          : await this.issuer.userToken(who);
    const response = await fetch(`http://127.0.0.1:${service.port}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
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
    const token = await this.issuer.serviceToken('flight-search-service');
    const { status } = await fetch(`http://127.0.0.1:${service.port}/internal/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(event),
    });
    return status;
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

  /** Types of the events about a booking that notification-service received, each delivery once. */
  eventsOf(bookingId: number): string[] {
    const events = this.notification.requests.map(({ body }) => body as CloudEvent);
    const about = events.filter(({ data }) => (data as { booking_id: number }).booking_id === bookingId);
    return [...new Map(about.map(({ id, type }) => [id, type])).values()];
  }

  /** How many refunds were asked for a booking. */
  refundsOf(bookingId: number): number {
    const bodies = this.payment.requests.map(({ body }) => body as { booking_id: number });
    return bodies.filter((body) => body.booking_id === bookingId).length;
  }

  private answerFlights(ids: string): StubResponse {
    const flights = ids.split(',').flatMap((id) => this.flights.get(Number(id)) ?? []);
    return { body: { flights } };
  }
}

/** Waits until something that jobs do has been done. */
export async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + EVENTUALLY_MS;
  while (!(await check())) {
    if (Date.now() > giveUpAt) throw new Error(`This did not come true: ${check.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
