import {
  ServiceUnderTest,
  StubService,
  type Answer,
  type TestDatabase,
  type TestEnvironment,
  type TestIssuer,
  type TestRedis,
} from '@flight-booking/local-stack/testing';
import type { Service } from '@flight-booking/platform';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';
import type { createTestFlight } from './test-flight.js';

/** A running seat-service with its own database and Redis, and a stub where flight-search would be. */
export class SeatWorld {
  readonly flightSearch = new StubService();
  private readonly under = new ServiceUnderTest({
    compose: (environment) => compose(readConfig(environment)),
    neighbours: { FLIGHT_SEARCH_URL: this.flightSearch },
    redis: true,
  });

  get issuer(): TestIssuer {
    return this.under.issuer;
  }

  get database(): TestDatabase {
    return this.under.database;
  }

  get redis(): TestRedis {
    return this.under.redis;
  }

  get service(): Service {
    return this.under.service;
  }

  async start(environment: TestEnvironment = {}): Promise<this> {
    this.flightSearch.on('POST', '/internal/events', () => ({ status: 204 }));
    await this.under.start(environment);
    return this;
  }

  /** Another instance on the same database and Redis, as a replica or after a restart. */
  startService(environment: TestEnvironment = {}): Promise<Service> {
    return this.under.startInstance(environment);
  }

  /** Stops the first instance; another then finds what it left. */
  async stopService(): Promise<void> {
    await this.under.stopInstance(this.service);
  }

  async stop(): Promise<void> {
    await this.under.stop();
  }

  /** How many jobs of a kind still wait for a booking. */
  async pendingJobs(job: string, bookingId: number): Promise<number> {
    const rows = await this.under.sql(
      `select payload from graphile_worker._private_jobs as jobs
       join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id where identifier = $1`,
      [job],
    );
    return rows.filter(({ payload }) => payload.data.booking_id === bookingId).length;
  }

  /** Makes flight-search know flights. */
  flights(...flights: ReturnType<typeof createTestFlight>[]): void {
    this.flightSearch.on('GET', '/internal/flights', ({ query }) => {
      const ids = String(query.ids).split(',').map(Number);
      return { status: 200, body: { flights: flights.filter(({ flight_id: id }) => ids.includes(id)) } };
    });
  }

  asUser(
    userId: number,
    method: string,
    path: string,
    body?: unknown,
    instance = this.service,
  ): Promise<Answer> {
    return this.under.request({ userId }, method, path, body, { instance });
  }

  asService(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<Answer> {
    const headers = { 'content-type': contentType };
    return this.under.request({ service: 'booking-service' }, method, path, body, { headers });
  }
}
