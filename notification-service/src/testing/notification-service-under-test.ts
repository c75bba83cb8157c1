import { randomUUID } from 'node:crypto';
import type { BookingEventData } from '@flight-booking/contracts';
import { createTestDatabase, TestIssuer, type TestDatabase } from '@flight-booking/local-stack/testing';
import type { Service } from '@flight-booking/platform';
import pg from 'pg';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';

/** An answer with its body read. */
export interface Answer {
  readonly status: number;
  // Tests say by their expectations what a body is.
  readonly body: any;
}

/** notification-service as a whole, on a database of its own. */
export class NotificationServiceUnderTest {
  private readonly replicas: Service[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly issuer: TestIssuer,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async start(
    environment: Readonly<Record<string, string>> = {},
  ): Promise<NotificationServiceUnderTest> {
    const issuer = new TestIssuer();
    await issuer.start();
    const test = new NotificationServiceUnderTest(await createTestDatabase(), issuer, environment);
    await test.startReplica();
    return test;
  }

  /** Starts one more process's worth of the service. */
  async startReplica(environment: Readonly<Record<string, string>> = {}): Promise<Service> {
    const service = compose(
      readConfig({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        HOST: '127.0.0.1',
        PORT: '0',
        AUTH_URL: this.issuer.url,
        SERVICE_CLIENT_SECRET: 'notification-secret-of-tests',
        DATABASE_URL: this.database.url,
        ...this.environment,
        ...environment,
      }),
    );
    this.replicas.push(service);
    await service.start();
    return service;
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map((service) => service.stop()));
    await this.issuer.stop();
    await this.database.drop();
  }

  /** Sends JSON; `who` is a user id, or a whole token. */
  async send(
    method: string,
    path: string,
    who: number | string | undefined,
    body?: unknown,
  ): Promise<Answer> {
    const token = typeof who === 'number' ? await this.issuer.userToken({ userId: who }) : who;
    return this.exchange(method, path, token, body, 'application/json');
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
    const token = await this.issuer.serviceToken('booking-service');
    return this.exchange('POST', '/internal/events', token, event, 'application/cloudevents+json');
  }

  /** Statements that no route offers. */
  async sql(text: string, values: unknown[] = []): Promise<any[]> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** Makes jobs that wait for their next attempt due now. */
  async retryNow(): Promise<void> {
    await this.sql(
      `select graphile_worker.reschedule_jobs(array_agg(id), run_at => now())
       from graphile_worker.jobs where locked_at is null having count(*) > 0`,
    );
  }

  private async exchange(
    method: string,
    path: string,
    token: string | undefined,
    body: unknown,
    contentType: string,
  ): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.replicas[0]?.port}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': contentType }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
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
