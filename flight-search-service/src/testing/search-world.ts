import { availability, seatsAvailabilityChanged, type SeatsByCabin } from '@flight-booking/contracts';
import { ServiceUnderTest, StubService, type Answer } from '@flight-booking/local-stack/testing';
import { Database, createLogger, type Clock, type Service } from '@flight-booking/platform';
import { calendarDateOf, epochMinuteOf, localDay } from '../airports/airport-time.js';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';

/** A clock that stands still until it is told to move. */
export class TestClock implements Clock {
  constructor(private time: Date = new Date()) {}

  now(): Date {
    return this.time;
  }

  moveTo(time: Date): void {
    this.time = time;
  }
}

const ADMIN = { userId: 1, role: 'admin' } as const;
const CUSTOMER = { userId: 10 } as const;
const SEAT_SERVICE = { service: 'seat-service' } as const;
const CLOUD_EVENT = { 'content-type': 'application/cloudevents+json' };

/** Running flight-search services on a database and a Redis of their own, and stubs for seat and booking. */
export class SearchWorld {
  readonly seat = new StubService();
  readonly booking = new StubService();
  readonly underTest: ServiceUnderTest<Service>;
  /** The service's own database, for looking behind its routes. */
  db!: Database;

  constructor(clock?: TestClock) {
    this.underTest = new ServiceUnderTest<Service>({
      compose: (environment) => compose(readConfig(environment), clock === undefined ? {} : { clock }),
      neighbours: { SEAT_URL: this.seat, BOOKING_URL: this.booking },
      environment: { TIMETABLE_HORIZON_DAYS: '2' },
      redis: true,
    });
  }

  async start(environment: Record<string, string> = {}): Promise<this> {
    for (const stub of [this.seat, this.booking])
      stub.on('POST', '/internal/events', () => ({ status: 204 }));
    await this.underTest.start(environment);
    this.db = new Database(
      { url: this.underTest.database.url, poolSize: 4, applicationName: 'test' },
      createLogger('test', 'silent'),
    );
    return this;
  }

  async stop(): Promise<void> {
    await this.db.stop();
    await this.underTest.stop();
  }

  asCustomer(
    method: string,
    path: string,
    body?: unknown,
    instance = this.underTest.service,
  ): Promise<Answer> {
    return this.underTest.request(CUSTOMER, method, path, body, { instance });
  }

  asAdmin(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.underTest.request(ADMIN, method, path, body);
  }

  asService(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.underTest.request(SEAT_SERVICE, method, path, body);
  }

  /** Searches as a customer; expects the answer to be good. */
  async search(
    query: Record<string, string | number>,
    instance = this.underTest.service,
  ): Promise<Answer['body']> {
    const text = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const { status, body } = await this.asCustomer('GET', `/api/flights/search?${text}`, undefined, instance);
    if (status !== 200) throw new Error(`The search answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** The number that an instance's metrics give under a name with its labels, a pattern; zero when it is not there. */
  async metric(pattern: string, instance = this.underTest.service): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${instance.port}/metrics`);
    return Number(new RegExp(`^${pattern} (\\d+)`, 'm').exec(await response.text())?.[1] ?? 0);
  }

  /** Makes seat-service count so many free seats of every flight. */
  liveAvailability(available: SeatsByCabin): void {
    this.seat.on('GET', '/internal/availability', ({ query }) => ({
      body: availability.parse({ flights: [{ flight_id: Number(query['flight_ids']), available }] }),
    }));
  }

  /** Tells of free seats as seat-service does. */
  tellAvailability(flightId: number, economy: number, version: number): Promise<Answer> {
    const event = {
      specversion: '1.0',
      id: `${flightId}-${version}-${economy}`,
      source: 'seat-service',
      type: seatsAvailabilityChanged.type,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: seatsAvailabilityChanged.data.parse({ flight_id: flightId, available: { economy }, version }),
    };
    const headers = CLOUD_EVENT;
    return this.underTest.request(SEAT_SERVICE, 'POST', '/internal/events', event, { headers });
  }
}

/** The date so many days from today, by the clocks of India. */
export const dayAhead = (days: number): string =>
  calendarDateOf(localDay(epochMinuteOf(new Date()), 'Asia/Kolkata') + days);

/** The body of a request for a flight on a day that the timetable does not reach, so that it is alone there. */
export const lonelyFlight = (more: Record<string, unknown> = {}) => ({
  airline: '6E',
  flight_number: '6E 9001',
  source: 'IXZ',
  destination: 'JSA',
  departure_time: `${dayAhead(40)}T10:00:00+05:30`,
  arrival_time: `${dayAhead(40)}T14:00:00+05:30`,
  aircraft_type: 'A320',
  fares: { economy: { base_fare: 4000, fuel_surcharge: 500 } },
  ...more,
});
