import {
  createTestDatabase,
  createTestRedis,
  StubService,
  TestIssuer,
  type TestDatabase,
  type TestRedis,
} from '@flight-booking/local-stack/testing';
import { Database, createLogger, type Clock, type Service } from '@flight-booking/platform';
import { calendarDateOf, epochMinuteOf, localDay } from '../airports/airport-time.js';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';

/** An answer of the service under test. */
export interface Answer {
  readonly status: number;
  // Tests read what they expect; a missing member fails their assertion.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

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

/** Running flight-search services on a database and a Redis of their own, and stubs for seat and booking. */
export class SearchWorld {
  readonly issuer = new TestIssuer();
  readonly seat = new StubService();
  readonly booking = new StubService();
  readonly services: Service[] = [];
  database!: TestDatabase;
  redis!: TestRedis;
  /** The service's own database, for looking behind its routes. */
  db!: Database;

  constructor(readonly clock?: TestClock) {}

  get service(): Service {
    return this.services[0] as Service;
  }

  async start(environment: Record<string, string> = {}): Promise<this> {
    [this.database, this.redis] = await Promise.all([createTestDatabase(), createTestRedis()]);
    await Promise.all([this.issuer.start(), this.seat.start(), this.booking.start()]);
    for (const stub of [this.seat, this.booking])
      stub.on('POST', '/internal/events', () => ({ status: 204 }));
    this.db = new Database(
      { url: this.database.url, poolSize: 4, applicationName: 'test' },
      createLogger('test', 'silent'),
    );
    await this.startService(environment);
    return this;
  }

  /** Another instance on the same database and Redis. */
  async startService(environment: Record<string, string> = {}): Promise<Service> {
    const config = readConfig({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: this.database.url,
      REDIS_URL: this.redis.url,
      AUTH_URL: this.issuer.url,
      SEAT_URL: this.seat.url,
      BOOKING_URL: this.booking.url,
      SERVICE_CLIENT_SECRET: 'a-secret-for-this-test',
      TIMETABLE_HORIZON_DAYS: '2',
      ...environment,
    });
    const service = compose(config, this.clock === undefined ? {} : { clock: this.clock });
    await service.start();
    this.services.push(service);
    return service;
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    await this.db.stop();
    await Promise.all([this.issuer.stop(), this.seat.stop(), this.booking.stop()]);
    await Promise.all([this.database.drop(), this.redis.release()]);
  }

  async asCustomer(method: string, path: string, body?: unknown, service = this.service): Promise<Answer> {
    return this.send(await this.issuer.userToken(CUSTOMER), method, path, body, service);
  }

  async asAdmin(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send(await this.issuer.userToken(ADMIN), method, path, body, this.service);
  }

  async asService(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer> {
    const token = await this.issuer.serviceToken('seat-service');
    return this.send(token, method, path, body, this.service, contentType);
  }

  /** Searches as a customer; expects the answer to be good. */
  async search(query: Record<string, string | number>, service = this.service): Promise<Answer['body']> {
    const text = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const { status, body } = await this.asCustomer('GET', `/api/flights/search?${text}`, undefined, service);
    if (status !== 200) throw new Error(`The search answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** Tells of free seats as seat-service does. */
  tellAvailability(flightId: number, economy: number, version: number): Promise<Answer> {
    const event = {
      specversion: '1.0',
      id: `${flightId}-${version}-${economy}`,
      source: 'seat-service',
      type: 'seats.availability_changed',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: { flight_id: flightId, available: { economy }, version },
    };
    return this.asService('POST', '/internal/events', event, 'application/cloudevents+json');
  }

  private async send(
    token: string,
    method: string,
    path: string,
    body: unknown,
    service: Service,
    contentType = 'application/json',
  ): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${service.port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': contentType }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
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
