import { randomUUID } from 'node:crypto';
import { bookingCancelled, bookingDetail, problemSlug, type BookingDetail } from '@flight-booking/contracts';
import {
  StubService,
  TestIssuer,
  createTestDatabase,
  type StubResponse,
  type TestDatabase,
} from '@flight-booking/local-stack/testing';
import {
  CLOUD_EVENT_CONTENT_TYPE,
  Database,
  createLogger,
  type Clock,
  type Service,
} from '@flight-booking/platform';
import { compose } from '../composition.js';
import { readConfig, type Config } from '../config.js';
import { EXAMPLE_FARE_PAISE, exampleBooking } from './example-booking.js';

/** An answer as a test wants it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  // Tests read the fields that they expect; a missing one fails the expectation.
  readonly body: any;
}

const OWNER = 10;

/** A refusal as a service words it. */
export const problem = (status: number, type: string): StubResponse => ({
  status,
  body: { type, title: type, status, request_id: 'stub-request' },
});

/** ticket-service on a real database, with booking-service and auth-service stubbed at the network. */
export class TicketStack {
  readonly issuer = new TestIssuer();
  readonly bookings = new StubService();
  /** What the stubbed booking-service knows. */
  readonly known = new Map<number, BookingDetail>();
  private readonly services: Service[] = [];
  private testDatabase: TestDatabase | undefined;
  private database: Database | undefined;
  private nextBookingId = 1_000;

  async start(): Promise<void> {
    await Promise.all([this.issuer.start(), this.bookings.start()]);
    this.testDatabase = await createTestDatabase();
    this.database = new Database(
      { url: this.testDatabase.url, poolSize: 2, applicationName: 'tests' },
      createLogger('tests', 'silent'),
    );
    this.describeBookings();
    await this.startService();
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    await this.database?.stop();
    await this.testDatabase?.drop();
    await Promise.all([this.issuer.stop(), this.bookings.stop()]);
  }

  /** Stops the service that runs and starts another on the same database. */
  async restart(overrides: { readonly clock?: Clock } = {}): Promise<void> {
    await Promise.all(this.services.splice(0).map((service) => service.stop()));
    await this.startService(overrides);
  }

  get config(): Config {
    return readConfig({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      HOST: '127.0.0.1',
      PORT: '0',
      AUTH_URL: this.issuer.url,
      BOOKING_URL: this.bookings.url,
      DATABASE_URL: this.testDatabase?.url,
      SERVICE_CLIENT_SECRET: 'a secret of the tests',
    });
  }

  /** Makes booking-service know a paid booking of user 10. */
  book(overrides: Partial<BookingDetail> = {}): BookingDetail {
    this.nextBookingId += 1;
    const booking = exampleBooking({ booking_id: this.nextBookingId, user_id: OWNER, ...overrides });
    this.known.set(booking.booking_id, booking);
    return booking;
  }

  /** The service's database, as the tests see it. */
  get db(): Database {
    if (this.database === undefined) throw new Error('The stack has not been started.');
    return this.database;
  }

  async get(path: string, token?: string): Promise<Answer> {
    return this.send(path, { headers: { authorization: `Bearer ${token ?? (await this.owner())}` } });
  }

  async generate(bookingId: unknown, token?: string): Promise<Answer> {
    return this.send('/api/tickets/generate', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token ?? (await this.owner())}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ booking_id: bookingId }),
    });
  }

  /** Delivers what booking-service publishes when a booking is cancelled. */
  async cancelled(bookingId: number, { id = randomUUID(), time = new Date() } = {}): Promise<Answer> {
    const event = { id, source: 'booking-service', type: bookingCancelled.type, time: time.toISOString() };
    const data = {
      booking_id: bookingId,
      pnr: 'K7M2QX',
      user_id: OWNER,
      contact: { name: 'Asha Sharma', email: 'asha@example.com' },
      journey: ['AI 865 Delhi to Mumbai'],
      amount_paise: EXAMPLE_FARE_PAISE,
    };
    return this.send('/internal/events', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await this.issuer.serviceToken('booking-service')}`,
        'content-type': CLOUD_EVENT_CONTENT_TYPE,
      },
      body: JSON.stringify({ specversion: '1.0', datacontenttype: 'application/json', data, ...event }),
    });
  }

  /** What booking-service was told of a booking's ticket. */
  told(bookingId: number): unknown[] {
    return this.bookings.requests
      .filter(({ path }) => path === `/internal/bookings/${bookingId}/ticketed`)
      .map(({ body }) => body);
  }

  owner(): Promise<string> {
    return this.issuer.userToken({ userId: OWNER });
  }

  private async startService(overrides: { readonly clock?: Clock } = {}): Promise<void> {
    const service = compose(this.config, overrides);
    this.services.push(service);
    await service.start();
  }

  private describeBookings(): void {
    this.bookings.on('GET', '/internal/bookings/:id', ({ params }) => {
      const booking = this.known.get(Number(params.id));
      return booking === undefined
        ? problem(404, problemSlug.bookingNotFound)
        : { body: bookingDetail.parse(booking) };
    });
    this.bookings.on('POST', '/internal/bookings/:id/ticketed', ({ params }) => ({
      body: { booking_id: Number(params.id), booking_status: 'TICKETED' },
    }));
  }

  private async send(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.services[0]?.port}${path}`, init);
    const bytes = Buffer.from(await response.arrayBuffer());
    const json = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      body: json ? JSON.parse(bytes.toString()) : undefined,
    };
  }
}

/** Waits until something holds. */
export async function eventually(holds: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error('It did not happen in time.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
