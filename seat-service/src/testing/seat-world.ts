import {
  createTestDatabase,
  createTestRedis,
  StubService,
  TestIssuer,
  type TestDatabase,
  type TestRedis,
} from '@flight-booking/local-stack/testing';
import pg from 'pg';
import type { createTestFlight } from './test-flight.js';
import type { Service } from '@flight-booking/platform';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';

/** An answer of the service under test. */
export interface Answer {
  readonly status: number;
  // Tests read what they expect; a missing member fails their assertion.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** A running seat-service with its own database and Redis, and a stub where flight-search would be. */
export class SeatWorld {
  readonly issuer = new TestIssuer();
  readonly flightSearch = new StubService();
  database!: TestDatabase;
  redis!: TestRedis;
  service!: Service;

  async start(environment: Record<string, string> = {}): Promise<this> {
    [this.database, this.redis] = await Promise.all([createTestDatabase(), createTestRedis()]);
    await Promise.all([this.issuer.start(), this.flightSearch.start()]);
    this.flightSearch.on('POST', '/internal/events', () => ({ status: 204 }));
    this.service = await this.startService(environment);
    return this;
  }

  /** Another instance on the same database and Redis, as a replica or after a restart. */
  async startService(environment: Record<string, string> = {}): Promise<Service> {
    const service = compose(
      readConfig({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        HOST: '127.0.0.1',
        PORT: '0',
        DATABASE_URL: this.database.url,
        REDIS_URL: this.redis.url,
        AUTH_URL: this.issuer.url,
        FLIGHT_SEARCH_URL: this.flightSearch.url,
        SERVICE_CLIENT_SECRET: 'a-secret-for-this-test',
        ...environment,
      }),
    );
    await service.start();
    return service;
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await Promise.all([this.issuer.stop(), this.flightSearch.stop()]);
    await Promise.all([this.database.drop(), this.redis.release()]);
  }

  /** How many jobs of a kind still wait for a booking. */
  async pendingJobs(job: string, bookingId: number): Promise<number> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    const { rows } = await client.query(
      `select payload from graphile_worker._private_jobs as jobs
       join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id where identifier = $1`,
      [job],
    );
    await client.end();
    return rows.filter(({ payload }) => payload.data.booking_id === bookingId).length;
  }

  /** Makes flight-search know flights. */
  flights(...flights: ReturnType<typeof createTestFlight>[]): void {
    this.flightSearch.on('GET', '/internal/flights', ({ query }) => {
      const ids = String(query.ids).split(',').map(Number);
      return { status: 200, body: { flights: flights.filter(({ flight_id: id }) => ids.includes(id)) } };
    });
  }

  async asUser(
    userId: number,
    method: string,
    path: string,
    body?: unknown,
    service = this.service,
  ): Promise<Answer> {
    return this.send(await this.issuer.userToken({ userId }), method, path, body, service);
  }

  async asService(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer> {
    return this.send(
      await this.issuer.serviceToken('booking-service'),
      method,
      path,
      body,
      this.service,
      contentType,
    );
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
