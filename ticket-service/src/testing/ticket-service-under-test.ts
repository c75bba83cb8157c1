import { randomUUID } from 'node:crypto';
import {
  bookingCancelled,
  bookingDetail,
  bookingFeeReturned,
  problemSlug,
  type BookingDetail,
  type RefundLine,
} from '@flight-booking/contracts';
import {
  ServiceUnderTest,
  StubService,
  type Answer,
  type Caller,
  type StubResponse,
} from '@flight-booking/local-stack/testing';
import {
  CLOUD_EVENT_CONTENT_TYPE,
  Database,
  createLogger,
  type Clock,
  type Service,
} from '@flight-booking/platform';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';
import { exampleBooking } from './example-booking.js';

/** Whose bookings the tests make, unless they say otherwise. */
export const OWNER = { userId: 10 } as const;
/** Somebody who has nothing to do with them. */
export const STRANGER = { userId: 11 } as const;

/** A refusal as a service words it. */
export const problem = (status: number, type: string): StubResponse => ({
  status,
  body: { type, title: type, status, request_id: 'stub-request' },
});

/** ticket-service on a real database, with a stub where booking-service would be. */
export class TicketServiceUnderTest {
  readonly bookings = new StubService();
  /** What the stubbed booking-service knows. */
  readonly known = new Map<number, BookingDetail>();
  private readonly underTest = new ServiceUnderTest<Service>({
    compose: (environment) => compose(readConfig(environment)),
    neighbours: { BOOKING_URL: this.bookings },
  });
  private database: Database | undefined;
  private nextBookingId = 1_000;

  async start(): Promise<void> {
    this.describeBookings();
    await this.underTest.start();
    this.database = new Database(
      { url: this.underTest.database.url, poolSize: 2, applicationName: 'tests' },
      createLogger('tests', 'silent'),
    );
  }

  async stop(): Promise<void> {
    await this.database?.stop();
    await this.underTest.stop();
  }

  /** Stops the service that runs and starts another on the same database. */
  async restart(overrides: { readonly clock?: Clock } = {}): Promise<void> {
    await this.underTest.stopInstance(this.underTest.service);
    await this.underTest.startInstance({}, (environment) => compose(readConfig(environment), overrides));
  }

  /** The service's database, as the service sees it. */
  get db(): Database {
    if (this.database === undefined) throw new Error('The service has not been started.');
    return this.database;
  }

  /** Makes booking-service know a paid booking of the owner's. */
  book(overrides: Partial<BookingDetail> = {}): BookingDetail {
    this.nextBookingId += 1;
    const booking = exampleBooking({ booking_id: this.nextBookingId, user_id: OWNER.userId, ...overrides });
    this.known.set(booking.booking_id, booking);
    return booking;
  }

  get(path: string, who: Caller = OWNER): Promise<Answer> {
    return this.underTest.request(who, 'GET', path);
  }

  generate(bookingId: unknown, who: Caller = OWNER): Promise<Answer> {
    return this.underTest.request(who, 'POST', '/api/tickets/generate', { booking_id: bookingId });
  }

  /** Delivers what booking-service publishes when a booking is cancelled; all comes back unless it is said what. */
  cancelled(bookingId: number, lines: readonly RefundLine[] = this.linesOf(bookingId)): Promise<Answer> {
    return this.tell(bookingCancelled, bookingId, lines);
  }

  /** Delivers what booking-service publishes when a fee is given back that a cancellation had kept. */
  feeReturned(bookingId: number, lines: readonly RefundLine[]): Promise<Answer> {
    return this.tell(bookingFeeReturned, bookingId, lines);
  }

  private tell(
    told: typeof bookingCancelled | typeof bookingFeeReturned,
    bookingId: number,
    lines: readonly RefundLine[],
  ): Promise<Answer> {
    const event = {
      specversion: '1.0',
      id: randomUUID(),
      source: told.source,
      type: told.type,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: told.data.parse({
        booking_id: bookingId,
        pnr: 'K7M2QX',
        user_id: OWNER.userId,
        contact: { name: 'Asha Sharma', email: 'asha@example.com' },
        journey: ['AI 865 Delhi to Mumbai'],
        amount_paise: lines.reduce((total, line) => total + line.amount_paise, 0),
        refund_lines: lines,
      }),
    };
    const headers = { 'content-type': CLOUD_EVENT_CONTENT_TYPE };
    return this.underTest.request({ service: 'booking-service' }, 'POST', '/internal/events', event, {
      headers,
    });
  }

  /** What a booking was charged, as lines that come back whole. */
  linesOf(bookingId: number): RefundLine[] {
    return (this.known.get(bookingId)?.price_lines ?? []).map(
      ({ flight_id, kind, description, amount_paise }) => ({ flight_id, kind, description, amount_paise }),
    );
  }

  /** What the service tells booking-service of a booking. */
  async timeline(bookingId: number): Promise<Answer['body']> {
    const path = `/internal/bookings/${bookingId}/timeline`;
    return (await this.underTest.request({ service: 'booking-service' }, 'GET', path)).body;
  }

  /** What booking-service was told of a booking's ticket. */
  told(bookingId: number): unknown[] {
    return this.bookings.requests
      .filter(({ path }) => path === `/internal/bookings/${bookingId}/ticketed`)
      .map(({ body }) => body);
  }

  private describeBookings(): void {
    this.bookings.on('GET', '/internal/bookings/:id', ({ params }) => {
      const booking = this.known.get(Number(params['id']));
      return booking === undefined
        ? problem(404, problemSlug.bookingNotFound)
        : { body: bookingDetail.parse(booking) };
    });
    this.bookings.on('POST', '/internal/bookings/:id/ticketed', ({ params }) => ({
      body: { booking_id: Number(params['id']), booking_status: 'TICKETED' },
    }));
  }
}
