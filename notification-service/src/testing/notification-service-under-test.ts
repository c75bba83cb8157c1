import { randomUUID } from 'node:crypto';
import type { BookingEventData } from '@flight-booking/contracts';
import { ServiceUnderTest, type Answer, type TestIssuer } from '@flight-booking/local-stack/testing';
import { createLogger, Database, type Service } from '@flight-booking/platform';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';

type Environment = Readonly<Record<string, string>>;

/** notification-service as a whole, on a database of its own. */
export class NotificationServiceUnderTest {
  private readonly under: ServiceUnderTest<Service>;

  private constructor(environment: Environment) {
    this.under = new ServiceUnderTest({ compose: (all) => compose(readConfig(all)), environment });
  }

  static async start(environment: Environment = {}): Promise<NotificationServiceUnderTest> {
    const test = new NotificationServiceUnderTest(environment);
    await test.under.start();
    return test;
  }

  get issuer(): TestIssuer {
    return this.under.issuer;
  }

  /** Starts one more process's worth of the service. */
  async startReplica(): Promise<void> {
    await this.under.startInstance();
  }

  /** Stops the process and leaves its database. */
  async stopProcess(): Promise<void> {
    await this.under.stopInstance(this.under.service);
  }

  stop(): Promise<void> {
    return this.under.stop();
  }

  /** Does something with the service's database as the service would. */
  async withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
    const options = { url: this.under.database.url, poolSize: 1, applicationName: 'tests' };
    const database = new Database(options, createLogger('tests', 'silent'));
    try {
      await work(database);
    } finally {
      await database.stop();
    }
  }

  /** Sends JSON; `who` is a user id, or a whole token. */
  send(method: string, path: string, who: number | string | undefined, body?: unknown): Promise<Answer> {
    const caller = typeof who === 'number' ? { userId: who } : who === undefined ? who : { token: who };
    return this.under.request(caller, method, path, body);
  }

  /** Delivers an event as booking-service would; with the same id, again. */
  async deliverEvent(type: string, data: unknown, id: string = randomUUID()): Promise<Answer> {
    const event = {
      specversion: '1.0',
      id,
      source: 'booking-service',
      type,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data,
    };
    const headers = { 'content-type': 'application/cloudevents+json' };
    return this.under.request({ service: 'booking-service' }, 'POST', '/internal/events', event, { headers });
  }

  /** What the service tells booking-service of a booking. */
  async timeline(bookingId: number): Promise<Answer['body']> {
    const path = `/internal/bookings/${bookingId}/timeline`;
    return (await this.under.request({ service: 'booking-service' }, 'GET', path)).body;
  }

  /** Statements that no route offers. */
  sql(text: string, values: unknown[] = []): Promise<any[]> {
    return this.under.sql(text, values);
  }

  /** Makes jobs that wait for their next attempt due now. */
  async retryNow(): Promise<void> {
    await this.sql(
      `select graphile_worker.reschedule_jobs(array_agg(id), run_at => now())
       from graphile_worker.jobs where locked_at is null having count(*) > 0`,
    );
  }
}

let bookings = 0;

/** What happened to a booking that no test has used. */
export const bookingEvent = (changes: Partial<BookingEventData> = {}): BookingEventData => ({
  booking_id: (bookings += 1),
  pnr: 'BXK7QZ',
  user_id: 10,
  contact: { name: 'Asha Rao', email: 'asha@example.com' },
  journey: ['6E 2345  Delhi (DEL) 24 Nov 06:10 – Bengaluru (BLR) 24 Nov 08:55, seats 12A, 12B'],
  amount_paise: 1_234_500,
  ...changes,
});
