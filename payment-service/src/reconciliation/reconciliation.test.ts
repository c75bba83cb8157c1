import type { Answer } from '@flight-booking/local-stack/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import type { TestBooking } from '../testing/test-bookings.js';
import { testParts } from '../testing/test-parts.js';
import type { RefundAttempt } from '../refunds/refund.js';
import type { DifferenceKind } from './difference.js';
import { SWEPT } from './comparison.repository.js';
import { ReconciliationRunRepository } from './reconciliation-run.repository.js';

const service = new PaymentServiceUnderTest();
const { bookings } = service;

beforeAll(() => service.start());
afterAll(() => service.stop());

const ADMIN = { userId: 1, role: 'admin' } as const;
const PATH = '/api/payments/reconciliation';

/** Compares the books; while they are being compared by the clock, afterwards. */
const reconcile = (): Promise<Answer> =>
  service.until(
    () => service.call(ADMIN, 'POST', PATH),
    ({ status }) => status === 200,
  );

interface Seen {
  readonly kind: string;
  readonly subject: string;
  readonly resolved: boolean;
  readonly repair: string | null;
}

/** What was ever seen to differ of a payment. */
const seenOf = (paymentId: number): Promise<Seen[]> =>
  service.database.rows(
    `select kind, subject, resolved_at is not null as resolved, repair from reconciliation_differences
     where payment_id = $1 order by difference_id`,
    [paymentId],
  );

/** Compares again and again until a payment has such a difference, or has it no more. */
const reconcileUntil = (paymentId: number, kind: DifferenceKind, resolved: boolean): Promise<Seen[]> =>
  service.until(
    async () => {
      await reconcile();
      return seenOf(paymentId);
    },
    (seen) => seen.some((one) => one.kind === kind && one.resolved === resolved),
  );

interface Paid {
  readonly booking: TestBooking;
  readonly paymentId: number;
}

async function paid(): Promise<Paid> {
  const booking = bookings.add();
  const { body } = await service.pay(booking);
  return { booking, paymentId: body.payment_id as number };
}

/** Forgets the jobs that would go on by themselves, and the webhooks that the provider has not sent. */
const forgetJobs = () => service.database.execute('delete from graphile_worker._private_jobs');

/** What a process leaves behind that dies, when its jobs are lost too. */
async function down(work: () => Promise<void>): Promise<void> {
  await service.stopService();
  await work();
  await forgetJobs();
  await service.startService();
}

const chargeOf = (paymentId: number) => testParts(service.database).payments.get(service.database, paymentId);

describe('what can be repaired is repaired:', () => {
  test('a charge that was captured and never entered', async () => {
    const booking = bookings.add();
    const { transitions, provider } = testParts(service.database);
    const { bookingId, userId, amountDuePaise: amountPaise } = booking;
    const method = { token: 'tok_success' };
    let paymentId = 0;
    await down(async () => {
      const payment = await transitions.begin({ bookingId, userId, amountPaise, method });
      const { idempotencyKey } = payment;
      paymentId = payment.paymentId;
      await provider.charge({ idempotencyKey, amountPaise, methodToken: method.token });
    });
    await reconcileUntil(paymentId, 'capture_not_entered', true);
    await service.until(
      () => service.payment(paymentId),
      ({ body }) => body.booking_status === 'CONFIRMED',
    );
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 0 });
  });

  test('a refund that the provider has made and nobody has entered', async () => {
    const { booking, paymentId } = await paid();
    booking.status = 'CANCELLED';
    booking.refundDuePaise = 400_000;
    await down(async () => {
      const { refunds, refundTransitions, refundAttempts, provider } = testParts(service.database);
      const debt = {
        bookingId: booking.bookingId,
        paymentId,
        amountPaise: 400_000,
        returnedFeePaise: 0,
        reason: 'cancelled',
      };
      await refundTransitions.oweCancellation(debt);
      const [refund] = await refunds.findByPayments(service.database, [paymentId]);
      const { idempotencyKey } = (await refundAttempts.begin(refund?.refundId as number)) as RefundAttempt;
      const chargeId = (await chargeOf(paymentId)).chargeId as string;
      await provider.refund({ idempotencyKey, chargeId, amountPaise: 400_000 });
    });
    await reconcileUntil(paymentId, 'refund_not_entered', true);
    expect((await service.payment(paymentId)).body.status).toBe('PARTIALLY_REFUNDED');
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
  });

  test('a capture that booking-service was never told of', async () => {
    const booking = bookings.add({ answers: { status: 503 } });
    const { body } = await service.pay(booking);
    await down(() => Promise.resolve());
    delete booking.answers;
    await reconcileUntil(body.payment_id as number, 'booking_not_told', true);
    expect(booking.confirmedBy).toBe(body.payment_id);
  });

  test('a refund that is due and nobody owes, once and of that amount', async () => {
    const { booking, paymentId } = await paid();
    booking.status = 'CANCELLED';
    booking.refundDuePaise = 400_000;
    await reconcileUntil(paymentId, 'refund_not_owed', true);
    await service.untilStatus(paymentId, 'PARTIALLY_REFUNDED');
    expect((await service.refund(booking, { amount_paise: 400_000 })).status).toBe(204);
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
    expect(await service.balances(booking)).toEqual({
      provider_clearing: 233_100,
      cancellation_fees: -233_100,
    });
  });

  test('a refund of less than is due', async () => {
    const { booking, paymentId } = await paid();
    booking.status = 'CANCELLED';
    await service.refund(booking, { amount_paise: 300_000 });
    booking.refundDuePaise = 400_000;
    await reconcileUntil(paymentId, 'refund_not_owed', true);
    await service.untilStatus(paymentId, 'PARTIALLY_REFUNDED');
    const { body } = await service.payment(paymentId);
    expect(body).toMatchObject({
      refunded_amount: 4000,
      refunds: [{ reason_code: 'cancelled' }, { reason_code: 'correction', amount: 1000 }],
    });
    expect((await service.refund(booking, { amount_paise: 400_000 })).status).toBe(204);
  });

  test('a payment that nobody has gone on with for long', async () => {
    const booking = bookings.add();
    const { transitions } = testParts(service.database);
    const { bookingId, userId, amountDuePaise: amountPaise } = booking;
    let paymentId = 0;
    await down(async () => {
      const method = { token: 'tok_success' };
      ({ paymentId } = await transitions.begin({ bookingId, userId, amountPaise, method }));
      await service.database.execute(
        `update payments set created_at = now() - interval '1 hour' where payment_id = $1`,
        [paymentId],
      );
    });
    await reconcileUntil(paymentId, 'payment_overdue', true);
    expect((await service.payment(paymentId)).body.status).toBe('FAILED');
  });

  test('a refund that nobody has gone on with for long', async () => {
    const { booking, paymentId } = await paid();
    booking.status = 'CANCELLED';
    booking.refundDuePaise = booking.amountDuePaise;
    await down(async () => {
      const { refundTransitions } = testParts(service.database);
      const { bookingId, amountDuePaise: amountPaise } = booking;
      await refundTransitions.oweCancellation({
        bookingId,
        paymentId,
        amountPaise,
        returnedFeePaise: 0,
        reason: 'cancelled',
      });
      await service.database.execute(
        `update refunds set created_at = now() - interval '1 hour', next_attempt_at = now() - interval '1 hour'
         where payment_id = $1`,
        [paymentId],
      );
    });
    await reconcileUntil(paymentId, 'refund_overdue', true);
    expect((await service.payment(paymentId)).body.status).toBe('REFUNDED');
    expect(await service.atProvider(booking)).toEqual({ captures: 1, refunds: 1 });
  });
});

describe('what an operator must decide is reported as long as it lasts:', () => {
  const charge = `where idempotency_key = (select idempotency_key::text from payments where payment_id = $1)`;
  const refund = `where charge_id = (select provider_charge_id from payments where payment_id = $1)`;
  const failed = `status = 'FAILED', outcome = 'FAILED', failure_reason = 'test'`;
  const made = `status = 'SUCCEEDED', outcome = 'SUCCEEDED', failure_reason = null`;

  test.each<[DifferenceKind, string, string]>([
    [
      'capture_differs',
      `update mock_provider.charges set capture_paise = 633105 ${charge}`,
      `update mock_provider.charges set capture_paise = 633100 ${charge}`,
    ],
    [
      'capture_unknown_to_provider',
      `update mock_provider.charges set status = 'DECLINED', outcome = 'DECLINED', decline_reason = 'x' ${charge}`,
      `update mock_provider.charges set status = 'CAPTURED', outcome = 'CAPTURED', decline_reason = null ${charge}`,
    ],
    [
      'refund_unknown_to_provider',
      `update mock_provider.refunds set ${failed} ${refund}`,
      `update mock_provider.refunds set ${made} ${refund}`,
    ],
    [
      'refund_differs',
      `update mock_provider.refunds set amount_paise = 399999 ${refund}`,
      `update mock_provider.refunds set amount_paise = 400000 ${refund}`,
    ],
  ])('%s', async (kind, tamper, undo) => {
    const { booking, paymentId } = await paid();
    booking.status = 'CANCELLED';
    booking.refundDuePaise = 400_000;
    await service.refund(booking, { amount_paise: 400_000 });
    await service.database.execute(tamper, [paymentId]);
    expect(await reconcileUntil(paymentId, kind, false)).toMatchObject([{ kind, repair: null }]);
    const { body } = await service.call(ADMIN, 'GET', PATH);
    expect(body.differences.map((open: { payment_id: number }) => open.payment_id)).toContain(paymentId);
    await service.database.execute(undo, [paymentId]);
    expect(await reconcileUntil(paymentId, kind, true)).toHaveLength(1);
    expect((await service.payment(paymentId)).body.status).toBe('PARTIALLY_REFUNDED');
  });

  test('a refund of a booking that stands', async () => {
    const { booking, paymentId } = await paid();
    await service.refund(booking, { amount_paise: 400_000 });
    await reconcileUntil(paymentId, 'refunded_beyond_due', false);
    booking.status = 'CANCELLED';
    booking.refundDuePaise = 400_000;
    await reconcileUntil(paymentId, 'refunded_beyond_due', true);
  });

  test('a sale that booking-service does not know', async () => {
    const { booking, paymentId } = await paid();
    delete booking.confirmedBy;
    await reconcileUntil(paymentId, 'sale_unknown_to_booking', false);
    booking.confirmedBy = paymentId;
    await reconcileUntil(paymentId, 'sale_unknown_to_booking', true);
  });

  test('a ledger that says more than the payment', async () => {
    const { body } = await service.pay(bookings.add({ refuses: 'expired' }));
    const paymentId = body.payment_id as number;
    await service.database.execute(
      `with entered as (
         insert into ledger_transactions (kind, payment_id) values ('SALE', $1) returning transaction_id)
       insert into ledger_entries (transaction_id, account, amount_paise)
       select transaction_id, account, amount
       from entered, (values ('customer_deposits', 5::bigint), ('booking_sales', -5)) as entry (account, amount)`,
      [paymentId],
    );
    await reconcileUntil(paymentId, 'ledger_differs', false);
  });

  test('a webhook that says another amount', async () => {
    const { paymentId } = await paid();
    await service.database.execute(
      `insert into provider_events (event_id, type, charge_id, idempotency_key, amount_paise, currency, payment_id,
         outcome, reason, occurred_at)
       select 'evt_odd', 'payment.captured', provider_charge_id, idempotency_key::text, 1, 'INR', payment_id,
         'MISMATCH', 'It is about 1 paise.', now() from payments where payment_id = $1`,
      [paymentId],
    );
    await reconcileUntil(paymentId, 'webhook_differs', false);
  });

  test('a refund made by hand at the provider, and ours that it then refuses', async () => {
    const { booking, paymentId } = await paid();
    booking.status = 'CANCELLED';
    booking.refundDuePaise = booking.amountDuePaise;
    await service.database.execute(
      `insert into mock_provider.refunds (idempotency_key, charge_id, amount_paise)
       select 'made by hand', provider_charge_id, 100 from payments where payment_id = $1`,
      [paymentId],
    );
    await service.refund(booking);
    await reconcileUntil(paymentId, 'refund_stuck', false);
    const { body } = await service.call(ADMIN, 'GET', PATH);
    expect(body.open).toContainEqual({ kind: 'refund_not_ours', count: 1 });
    expect((await service.payment(paymentId)).body.status).toBe('REFUNDING');
  });
});

describe('what booking-service alone knows is found:', () => {
  /** Compares until nothing that is known to have changed is left, so that the payment is quiet. */
  const quieten = (paymentId: number) =>
    service.until(
      async () => {
        await reconcile();
        return service.database.rows('select from reconciliation_subjects where payment_id = $1', [
          paymentId,
        ]);
      },
      ({ length }) => length === 0,
    );

  /** Lets no payment be found by its own change or by the round over all of them. */
  const forgetChanges = () =>
    service.database.execute(
      `update reconciliation_runs set compares_until = now() + interval '1 hour', swept_to = 1000000000
       where run_id = (select max(run_id) from reconciliation_runs)`,
    );

  test('a refund that fell due long after the payment, which nobody ever asked for', async () => {
    const { booking, paymentId } = await paid();
    await service.untilIdle();
    await quieten(paymentId);
    await forgetChanges();
    booking.status = 'CANCELLED';
    booking.refundDuePaise = 400_000;
    bookings.announce(...bookings.stateOf(paymentId));
    await reconcile();
    expect(await seenOf(paymentId)).toMatchObject([{ kind: 'refund_not_owed', repair: 'owe_refund' }]);
    await service.untilStatus(paymentId, 'PARTIALLY_REFUNDED');
  });

  test('a cancellation of this moment is in flight, and left to the next run', async () => {
    const { booking, paymentId } = await paid();
    await service.untilIdle();
    await quieten(paymentId);
    booking.status = 'CANCELLED';
    booking.refundDuePaise = 400_000;
    booking.unchangedMs = 0;
    bookings.announce(...bookings.stateOf(paymentId));
    await reconcile();
    expect(await seenOf(paymentId)).toEqual([]);
    delete booking.unchangedMs;
    await reconcileUntil(paymentId, 'refund_not_owed', true);
  });

  test('a booking that stands with a payment that was declined', async () => {
    const booking = bookings.add();
    const { body } = await service.pay(booking, { payment_method: 'tok_declined' });
    const paymentId = body.payment_id as number;
    booking.status = 'CONFIRMED';
    booking.confirmedBy = paymentId;
    bookings.announce(...bookings.stateOf(paymentId));
    await reconcileUntil(paymentId, 'booking_paid_without_capture', false);
  });

  test('a booking that stands with a payment that does not exist, until it stands no more', async () => {
    const booking = bookings.add({ status: 'CONFIRMED', confirmedBy: 900_001 });
    const open = async () => {
      await reconcile();
      const { body } = await service.call(ADMIN, 'GET', PATH);
      return body.open.some(({ kind }: { kind: string }) => kind === 'booking_without_payment') as boolean;
    };
    bookings.announce(...bookings.stateOf(900_001));
    expect(await open()).toBe(true);
    expect(await open()).toBe(true);
    booking.status = 'CANCELLED';
    bookings.announce(...bookings.stateOf(900_001));
    expect(await open()).toBe(false);
  });

  test('round after round every payment is compared, although nothing is known of a change', async () => {
    const { booking, paymentId } = await paid();
    await service.untilIdle();
    await quieten(paymentId);
    await forgetChanges();
    booking.status = 'CANCELLED';
    booking.refundDuePaise = 400_000;
    await reconcileUntil(paymentId, 'refund_not_owed', true);
  });
});

describe('a comparison', () => {
  test('of books that agree finds nothing', async () => {
    const known = [await paid(), await paid(), await paid()] as const;
    known[1].booking.status = 'CANCELLED';
    known[1].booking.refundDuePaise = 400_000;
    await service.refund(known[1].booking, { amount_paise: 400_000 });
    known[2].booking.status = 'CANCELLED';
    known[2].booking.refundDuePaise = 633_100;
    await service.refund(known[2].booking);
    const refused = await service.pay(bookings.add({ refuses: 'seats_lost' }));
    const declined = await service.pay(bookings.add(), { payment_method: 'tok_declined' });
    const ids = [
      ...known.map(({ paymentId }) => paymentId),
      refused.body.payment_id as number,
      declined.body.payment_id as number,
    ];
    await service.untilIdle();
    // Until none of them is in flight any more.
    await service.until(
      async () => {
        await reconcile();
        return service.database.rows(
          'select from reconciliation_subjects where payment_id = any($1::bigint[])',
          [ids],
        );
      },
      ({ length }) => length === 0,
    );
    for (const id of ids) expect(await seenOf(id)).toEqual([]);
    const { body } = await service.call(ADMIN, 'GET', PATH);
    expect(body.last_run).toMatchObject({ outcome: 'COMPLETE' });
    expect(body.last_complete_at).toBeDefined();
  });

  test('leaves alone what is being changed at that moment', async () => {
    const { booking, paymentId } = await paid();
    booking.status = 'CANCELLED';
    booking.refundDuePaise = 633_100;
    await service.database.transaction(async (tx) => {
      await testParts(service.database).payments.lock(tx, paymentId);
      expect((await reconcile()).body.outcome).toBe('COMPLETE');
      expect(await seenOf(paymentId)).toEqual([]);
    });
    await reconcileUntil(paymentId, 'refund_not_owed', true);
    await service.untilStatus(paymentId, 'REFUNDED');
  });

  test('accuses no payment of what the statement holds back, while a transaction of anybody is open', async () => {
    const begun = await service.database.transaction(async (tx) => {
      await tx.execute('select pg_current_xact_id()');
      const { paymentId } = await paid();
      const graceIsOver = 'select from payments where payment_id = $1 and changed_at < now() - $2::interval';
      await service.until(
        () => service.database.rows(graceIsOver, [paymentId, '200 milliseconds']),
        ({ length }) => length > 0,
      );
      expect((await reconcile()).body.outcome).toBe('COMPLETE');
      expect(await seenOf(paymentId)).toEqual([]);
      return paymentId;
    });
    await service.until(
      async () => {
        await reconcile();
        return service.database.rows('select from reconciliation_subjects where payment_id = $1', [begun]);
      },
      ({ length }) => length === 0,
    );
    expect(await seenOf(begun)).toEqual([]);
  });

  test('that begins while another goes on is refused, until that one has been silent for long', async () => {
    const runs = new ReconciliationRunRepository();
    const other = await service.until(
      () => service.database.transaction((tx) => runs.begin(tx, 1)),
      (begun) => begun !== undefined,
    );
    const runId = other?.runId as number;
    const refused = await service.call(ADMIN, 'POST', PATH);
    expect([refused.status, refused.body.type]).toEqual([409, 'reconciliation-running']);
    await service.database.execute(
      `update reconciliation_runs set heartbeat_at = now() - interval '1 minute' where run_id = $1`,
      [runId],
    );
    expect((await reconcile()).body.outcome).toBe('COMPLETE');
    const { outcome } = await runs.finish(service.database, runId, undefined);
    expect(outcome).toBe('ABANDONED');
    await expect(runs.progress(service.database, runId, {})).rejects.toMatchObject({ name: 'RunOvertaken' });
  });

  test('by two at once happens once', async () => {
    const runs = new ReconciliationRunRepository();
    const begun = await service.until(
      () =>
        Promise.all(Array.from({ length: 3 }, () => service.database.transaction((tx) => runs.begin(tx, 1)))),
      (all) => all.some((run) => run !== undefined),
    );
    const mine = begun.filter((run) => run !== undefined);
    expect(mine).toHaveLength(1);
    await runs.finish(service.database, mine[0]?.runId as number, undefined);
  });

  test('that booking-service does not answer fails, and the next one goes on from there', async () => {
    const { booking, paymentId } = await paid();
    booking.status = 'CANCELLED';
    booking.refundDuePaise = 633_100;
    bookings.stub.on('POST', '/internal/bookings/payment-states', () => ({ status: 503 }));
    const { body } = await reconcile();
    expect(body).toMatchObject({ outcome: 'FAILED' });
    expect(body.error).toContain('booking');
    bookings.answerStates();
    await reconcileUntil(paymentId, 'refund_not_owed', true);
  });

  test('is for operators', async () => {
    for (const method of ['GET', 'POST']) {
      expect((await service.call({ userId: 10 }, method, PATH)).status).toBe(403);
    }
  });

  test('looks only at what has changed, and at what differed', async () => {
    await service.untilIdle();
    await reconcile();
    await service.database.execute(
      `update reconciliation_runs set compares_until = now() + interval '1 hour'
       where run_id = (select max(run_id) from reconciliation_runs)`,
    );
    const open = await service.database.rows(
      `select distinct payment_id from reconciliation_differences where resolved_at is null and payment_id is not null
       union select payment_id from reconciliation_subjects`,
    );
    const { body } = await reconcile();
    expect(body).toMatchObject({ outcome: 'COMPLETE', charges_read: 0, refunds_read: 0 });
    // Some are compared although nothing changed, round after round.
    expect(body.payments_compared).toBeLessThanOrEqual(open.length + SWEPT);
  });
});
