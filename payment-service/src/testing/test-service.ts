import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, TestIssuer, type TestDatabase } from '@flight-booking/local-stack/testing';
import { createLogger, Database, type Service } from '@flight-booking/platform';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';
import { TestBookings, type TestBooking } from './test-bookings.js';

/** An answer, with its body parsed. */
export interface Answer {
  readonly status: number;
  // Tests look into bodies of many shapes.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 50;

/** payment-service on a database of its own, with real tokens and a stub of booking-service. */
export class TestService {
  readonly bookings = new TestBookings();
  readonly issuer = new TestIssuer();
  database!: Database;
  private service!: Service;
  private testDatabase!: TestDatabase;

  async start(): Promise<void> {
    await Promise.all([this.issuer.start(), this.bookings.stub.start()]);
    this.testDatabase = await createTestDatabase();
    this.database = new Database(
      { url: this.testDatabase.url, poolSize: 4, applicationName: 'test' },
      createLogger('test', 'silent'),
    );
    await this.startService();
  }

  async stop(): Promise<void> {
    await this.stopService();
    await this.database.stop();
    await Promise.all([this.issuer.stop(), this.bookings.stub.stop()]);
    await this.testDatabase.drop();
  }

  /** Starts an instance of the service on the same database. */
  async startService(): Promise<void> {
    this.service = compose(this.config());
    await this.service.start();
  }

  async stopService(): Promise<void> {
    await this.service.stop();
  }

  /** Pays as the booking's owner unless told otherwise. */
  async pay(booking: TestBooking, body: object = {}, token?: string): Promise<Answer> {
    return this.call('POST', '/api/payments/initiate', {
      token: token ?? (await this.issuer.userToken({ userId: booking.userId })),
      body: { booking_id: booking.bookingId, amount: booking.amountDuePaise / 100, ...body },
    });
  }

  /** Asks for refunds as booking-service does. */
  async refund(booking: TestBooking, reason = 'cancelled by the customer'): Promise<Answer> {
    const token = await this.issuer.serviceToken('booking-service');
    return this.call('POST', '/internal/refunds', { token, body: { booking_id: booking.bookingId, reason } });
  }

  async payment(paymentId: number, userId = 10): Promise<Answer> {
    return this.call('GET', `/api/payments/${paymentId}`, { token: await this.issuer.userToken({ userId }) });
  }

  async call(
    method: string,
    path: string,
    { token, body }: { readonly token?: string; readonly body?: unknown } = {},
  ): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.service.port}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  /** Waits until a payment has a status. */
  async untilStatus(paymentId: number, status: string): Promise<Answer> {
    return this.until(
      () => this.payment(paymentId),
      (answer) => answer.body.status === status,
    );
  }

  /** Waits until every durable job is done. */
  async untilIdle(): Promise<void> {
    await this.until(
      () => this.database.row<{ jobs: number }>('select count(*) as jobs from graphile_worker.jobs'),
      ({ jobs }) => jobs === 0,
    );
  }

  /** Waits until so many statements wait for a lock. */
  async untilWaiting(count: number): Promise<void> {
    await this.until(
      () =>
        this.database.row<{ waiting: number }>(
          `select count(*) as waiting from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and state = 'active'`,
        ),
      ({ waiting }) => waiting >= count,
    );
  }

  /** Looks again and again, until what it sees is as wanted. */
  async until<Seen>(look: () => Promise<Seen>, wanted: (seen: Seen) => boolean): Promise<Seen> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (;;) {
      const seen = await look();
      if (wanted(seen)) return seen;
      if (Date.now() > giveUpAt)
        throw new Error(`It did not come to pass; last seen: ${JSON.stringify(seen)}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Charges and refunds that the provider made for a booking's payments. */
  async atProvider({ bookingId }: TestBooking): Promise<{ captures: number; refunds: number }> {
    return this.database.row(
      `select (select count(*) from mock_provider.charges c join payments p on p.idempotency_key::text = c.idempotency_key
               where p.booking_id = $1 and c.status = 'CAPTURED') as captures,
              (select count(*) from mock_provider.refunds r join mock_provider.charges c using (charge_id)
               join payments p on p.idempotency_key::text = c.idempotency_key where p.booking_id = $1) as refunds`,
      [bookingId],
    );
  }

  /** What the ledger says of a booking, by account, without the accounts that are even. */
  async balances({ bookingId }: TestBooking): Promise<Record<string, number>> {
    const rows = await this.database.rows<{ account: string; balance: number }>(
      `select account, sum(e.amount_paise)::bigint as balance from ledger_entries e
       join ledger_transactions using (transaction_id) join payments using (payment_id)
       where booking_id = $1 group by account having sum(e.amount_paise) <> 0`,
      [bookingId],
    );
    return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
  }

  private config() {
    return readConfig({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: this.testDatabase.url,
      AUTH_URL: this.issuer.url,
      BOOKING_URL: this.bookings.stub.url,
      SERVICE_CLIENT_SECRET: 'a-secret-for-tests-only',
      FAST_PATH_MS: '200',
      PROVIDER_TIMEOUT_MS: '300',
      MOCK_PROVIDER_SLOW_MS: '150',
    });
  }
}
