import { flightDetails, type FlightDetail } from '@flight-booking/contracts';
import { ServiceUnderTest, StubService, type Answer } from '@flight-booking/local-stack/testing';
import { createLogger, RedisStore, type RedisClient, type Service } from '@flight-booking/platform';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';

const TEN_MINUTES_MS = 600_000;
const CLOUD_EVENT = { 'content-type': 'application/cloudevents+json' };

/** A running seat-service with its own database and Redis, and a stub where flight-search would be. */
export class SeatWorld {
  readonly flightSearch = new StubService();
  readonly underTest = new ServiceUnderTest<Service>({
    compose: (environment) => compose(readConfig(environment)),
    neighbours: { FLIGHT_SEARCH_URL: this.flightSearch },
    redis: true,
  });

  async start(environment: Record<string, string> = {}): Promise<this> {
    this.flightSearch.on('POST', '/internal/events', () => ({ status: 204 }));
    await this.underTest.start(environment);
    return this;
  }

  stop(): Promise<void> {
    return this.underTest.stop();
  }

  /** Makes flight-search know flights. */
  flights(...flights: FlightDetail[]): void {
    this.flightSearch.on('GET', '/internal/flights', ({ query }) => {
      const ids = String(query['ids']).split(',').map(Number);
      const found = flights.filter(({ flight_id: id }) => ids.includes(id));
      return { status: 200, body: flightDetails.parse({ flights: found }) };
    });
  }

  asUser(
    userId: number,
    method: string,
    path: string,
    body?: unknown,
    instance = this.underTest.service,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.underTest.request({ userId }, method, path, body, { instance, headers });
  }

  asService(
    method: string,
    path: string,
    body?: unknown,
    instance = this.underTest.service,
  ): Promise<Answer> {
    return this.underTest.request({ service: 'booking-service' }, method, path, body, { instance });
  }

  /** Reserves what a lock holds, as booking-service does. */
  reserve(
    bookingId: number,
    userId: number,
    flightIds: readonly number[],
    lock: Answer['body'],
    instance = this.underTest.service,
  ): Promise<Answer> {
    const body = {
      user_id: userId,
      flight_ids: flightIds,
      num_seats: (lock.seats ?? lock.flights[0].seats).length,
      lock_id: lock.lock_id,
      expires_at: new Date(Date.now() + TEN_MINUTES_MS).toISOString(),
    };
    return this.asService('PUT', `/internal/reservations/${bookingId}`, body, instance);
  }

  /** Sells a booking its seats for a payment, which is its only one unless said otherwise. */
  sell(bookingId: number, paymentId = bookingId, instance = this.underTest.service): Promise<Answer> {
    const body = { payment_id: paymentId };
    return this.asService('PUT', `/internal/reservations/${bookingId}/sale`, body, instance);
  }

  /** Tells seat-service what flight-search would. */
  tell(event: {
    readonly id: string;
    readonly type: string;
    readonly time?: string;
    readonly data: object;
  }): Promise<Answer> {
    const body = {
      specversion: '1.0',
      source: 'flight-search-service',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      ...event,
    };
    const caller = { service: 'flight-search-service' };
    return this.underTest.request(caller, 'POST', '/internal/events', body, { headers: CLOUD_EVENT });
  }

  /** Lets the time of a booking's reservation run out, for the database as for Redis. */
  async letExpire(bookingId: number): Promise<void> {
    for (const table of ['reservations', 'seats']) {
      await this.underTest.sql(
        `update ${table} set expires_at = now() - interval '1 second'
         where booking_id = $1 and expires_at is not null`,
        [bookingId],
      );
    }
    const flights = await this.underTest.sql<{ flight_id: number }>(
      'select distinct flight_id from seats where booking_id = $1',
      [bookingId],
    );
    await this.withRedis(async (redis) => {
      for (const { flight_id: id } of flights) await redis.del(`seats:{${id}}:taken`);
    });
  }

  /** Makes the job that frees a booking's seats run now. */
  async runExpiry(bookingId: number): Promise<void> {
    await this.underTest.sql(
      `update graphile_worker._private_jobs as jobs set run_at = now()
       from graphile_worker._private_tasks as tasks
       where tasks.id = jobs.task_id and identifier = 'expire-reservation'
         and (payload -> 'data' ->> 'booking_id')::bigint = $1`,
      [bookingId],
    );
  }

  /** How many jobs of a kind still wait with these data. */
  async pendingJobs(job: string, data: object): Promise<number> {
    const jobs = await this.underTest.sql(
      `select 1 from graphile_worker._private_jobs as jobs
       join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
       where identifier = $1 and (payload -> 'data')::jsonb @> $2::jsonb`,
      [job, JSON.stringify(data)],
    );
    return jobs.length;
  }

  /** Looks into Redis, or falsifies it. */
  async withRedis<Result>(use: (redis: RedisClient) => Promise<Result>): Promise<Result> {
    const redis = new RedisStore(this.underTest.redis.url, createLogger('test', 'silent'));
    await redis.start();
    try {
      return await use(redis.client);
    } finally {
      await redis.stop();
    }
  }
}
