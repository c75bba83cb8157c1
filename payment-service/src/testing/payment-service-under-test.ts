import {
  patiently,
  ServiceUnderTest,
  type Answer,
  type Caller,
  type TestEnvironment,
} from '@flight-booking/local-stack/testing';
import { createLogger, Database, type Service } from '@flight-booking/platform';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';
import { TestBookings, type TestBooking } from './test-bookings.js';

/** What the provider signs with in tests. */
export const WEBHOOK_SECRET = 'the-provider-signs-with-this';

/** payment-service on a database of its own, with a stub where booking-service would be. */
export class PaymentServiceUnderTest {
  readonly bookings = new TestBookings();
  private readonly underTest = new ServiceUnderTest<Service>({
    compose: (environment) => compose(readConfig(environment)),
    neighbours: { BOOKING_URL: this.bookings.stub },
    environment: {
      FAST_PATH_MS: '200',
      PROVIDER_TIMEOUT_MS: '300',
      MOCK_PROVIDER_SLOW_MS: '150',
      MOCK_PROVIDER_LATE_MS: '500',
      REFUND_MAX_ATTEMPTS: '3',
      REFUND_RETRY_MS: '50',
      RECONCILIATION_GRACE_MS: '100',
      RECONCILIATION_OVERDUE_MS: '60000',
      PAYMENT_WEBHOOK_SECRETS: WEBHOOK_SECRET,
    },
  });
  private ownDatabase: Database | undefined;
  private running: Service | undefined;

  async start(): Promise<void> {
    await this.underTest.prepare();
    this.ownDatabase = new Database(
      { url: this.underTest.database.url, poolSize: 4, applicationName: 'tests' },
      createLogger('tests', 'silent'),
    );
    await this.startService();
  }

  async stop(): Promise<void> {
    await this.ownDatabase?.stop();
    await this.underTest.stop();
  }

  /** Starts an instance of the service on the same database. */
  async startService(environment: TestEnvironment = {}): Promise<void> {
    this.running = await this.underTest.startInstance(environment);
  }

  async stopService(): Promise<void> {
    if (this.running !== undefined) await this.underTest.stopInstance(this.running);
  }

  /** The service's database, as the service sees it. */
  get database(): Database {
    if (this.ownDatabase === undefined) throw new Error('The service has not been started.');
    return this.ownDatabase;
  }

  /** Pays as the booking's owner unless told otherwise. */
  pay(booking: TestBooking, body: object = {}, who: Caller = { userId: booking.userId }): Promise<Answer> {
    return this.call(who, 'POST', '/api/payments/initiate', this.offer(booking, body));
  }

  /** Pays under an `Idempotency-Key`. */
  payOnce(booking: TestBooking, key: string, body: object = {}): Promise<Answer> {
    const { userId } = booking;
    const headers = { 'idempotency-key': key };
    const request = this.offer(booking, body);
    return this.underTest.request({ userId }, 'POST', '/api/payments/initiate', request, { headers });
  }

  /** Asks for a refund as booking-service does: of all of the payment that confirmed the booking, unless told otherwise. */
  refund(booking: TestBooking, body: object = {}): Promise<Answer> {
    const request = {
      booking_id: booking.bookingId,
      payment_id: booking.confirmedBy,
      amount_paise: booking.amountDuePaise,
      reason: 'cancelled by the customer',
      ...body,
    };
    return this.call({ service: 'booking-service' }, 'POST', '/internal/refunds', request);
  }

  payment(paymentId: number, userId = 10): Promise<Answer> {
    return this.call({ userId }, 'GET', `/api/payments/${paymentId}`);
  }

  call(who: Caller, method: string, path: string, body?: unknown): Promise<Answer> {
    return this.underTest.request(who, method, path, body);
  }

  /** Waits until a payment has a status. */
  async untilStatus(paymentId: number, status: string): Promise<Answer> {
    return this.until(
      () => this.payment(paymentId),
      (answer) => answer.body.status === status,
    );
  }

  /** Waits until a payment has confirmed its booking. */
  async untilBooked(paymentId: number): Promise<Answer> {
    return this.until(
      () => this.payment(paymentId),
      (answer) => answer.body.booking_status === 'CONFIRMED',
    );
  }

  /** Where the service answers. */
  get url(): string {
    return `http://127.0.0.1:${this.running?.port}`;
  }

  /** Waits until every durable job is done that is not for much later. */
  async untilIdle(): Promise<void> {
    await this.until(
      () =>
        this.database.row<{ jobs: number }>(
          `select count(*) as jobs from graphile_worker.jobs where run_at < now() + interval '10 seconds'`,
        ),
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
  until<Seen>(look: () => Promise<Seen>, wanted: (seen: Seen) => boolean): Promise<Seen> {
    return patiently(async () => {
      const seen = await look();
      if (!wanted(seen)) throw new Error(`It did not come to pass; last seen: ${JSON.stringify(seen)}`);
      return seen;
    });
  }

  private offer({ bookingId, amountDuePaise }: TestBooking, body: object): object {
    return { booking_id: bookingId, amount: amountDuePaise / 100, ...body };
  }

  /** Charges and refunds that the provider made for a booking's payments. */
  async atProvider({ bookingId }: TestBooking): Promise<{ captures: number; refunds: number }> {
    return this.database.row(
      `select (select count(*) from mock_provider.charges c join payments p on p.idempotency_key::text = c.idempotency_key
               where p.booking_id = $1 and c.status = 'CAPTURED') as captures,
              (select count(*) from mock_provider.refunds r join mock_provider.charges c using (charge_id)
               join payments p on p.idempotency_key::text = c.idempotency_key
               where p.booking_id = $1 and r.status = 'SUCCEEDED') as refunds`,
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
}
