import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testParts } from '../testing/test-parts.js';
import { PaymentServiceUnderTest } from '../testing/payment-service-under-test.js';
import type { Payment } from '../payments/payment.js';
import { AlreadyPaid } from './checkout.errors.js';

const service = new PaymentServiceUnderTest();
let parts: ReturnType<typeof testParts>;
let payment: Payment;

/** Only the database is wanted: no job may take a step while a test does. */
beforeAll(async () => {
  await service.start();
  await service.stopService();
  parts = testParts(service.database);
});
afterAll(() => service.stop());

beforeEach(async () => {
  const { bookingId, userId, amountDuePaise: amountPaise } = service.bookings.add();
  payment = await parts.transitions.begin({
    bookingId,
    userId,
    amountPaise,
    method: { token: 'tok_success' },
  });
});

const FIVE = Array.from({ length: 5 }, (_, index) => index);
const REFUSED = { accepted: false, bookingStatus: 'EXPIRED', reason: 'expired' } as const;

/** Returns the payment if this captured it. */
const capture = () =>
  parts.transitions.capture(payment, {
    chargeId: `ch_${payment.paymentId}`,
    amountPaise: payment.amountPaise,
  });

/** The payment as the one who captured it knows it. */
async function captured(): Promise<void> {
  payment = (await capture()) ?? payment;
}

/** The kinds of the jobs of the payment that are queued. */
async function queued(): Promise<string[]> {
  const rows = await service.database.rows<{ job: string }>(
    `select identifier as job from graphile_worker._private_jobs as jobs
     join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
     where payload #>> '{data,payment_id}' = $1 order by jobs.id`,
    [String(payment.paymentId)],
  );
  return rows.map(({ job }) => job);
}

/** The kinds of ledger transactions of the payment, in order. */
async function entered(): Promise<string[]> {
  const rows = await service.database.rows<{ kind: string }>(
    'select kind from ledger_transactions where payment_id = $1 order by transaction_id',
    [payment.paymentId],
  );
  return rows.map(({ kind }) => kind);
}

test('a capture reported five times at once is entered once and followed up once', async () => {
  await Promise.all(FIVE.map(capture));
  expect(await entered()).toEqual(['CAPTURE']);
  expect(await queued()).toEqual(['confirm-payment']);
});

test('a confirmation reported five times at once is entered once', async () => {
  await captured();
  await Promise.all(FIVE.map(() => parts.transitions.confirm(payment, 'CONFIRMED')));
  expect(await entered()).toEqual(['CAPTURE', 'SALE']);
  expect(await queued()).toEqual([]);
});

test('each step that goes well leaves the one job that goes on from there', async () => {
  expect(await queued()).toEqual(['settle-payment']);
  await captured();
  expect(await queued()).toEqual(['confirm-payment']);
  await parts.transitions.confirm(payment, 'CONFIRMED');
  expect(await queued()).toEqual([]);
});

test('a confirmation by somebody who knows of no capture is not entered', async () => {
  const begun = payment;
  await captured();
  expect(await parts.transitions.confirm(begun, 'CONFIRMED')).toBeUndefined();
  expect(await entered()).toEqual(['CAPTURE']);
  expect(await queued()).toEqual(['confirm-payment']);
});

test('a refusal reported five times at once decides one refund', async () => {
  await captured();
  const refunds = await Promise.all(FIVE.map(() => parts.transitions.refuse(payment.paymentId, REFUSED)));
  expect(refunds.filter((refundId) => refundId !== undefined)).toHaveLength(1);
  expect(await entered()).toEqual(['CAPTURE', 'REFUND_OWED']);
  expect(await queued()).toEqual([]);
});

test('a confirmation and a refusal at once end in one of the two', async () => {
  await captured();
  const [confirmed, refundId] = await Promise.all([
    parts.transitions.confirm(payment, 'CONFIRMED'),
    parts.transitions.refuse(payment.paymentId, REFUSED),
  ]);
  expect(await entered()).toEqual(['CAPTURE', refundId === undefined ? 'SALE' : 'REFUND_OWED']);
  expect(confirmed === undefined).toBe(refundId !== undefined);
});

test('a confirmation that is told after the refund was decided changes nothing', async () => {
  await captured();
  const { bookingId, paymentId, amountPaise } = payment;
  await parts.refundTransitions.oweCancellation({
    bookingId,
    paymentId,
    amountPaise,
    returnedFeePaise: 0,
    reason: 'cancelled',
  });
  await parts.transitions.confirm(payment, 'CONFIRMED');
  expect(await entered()).toEqual(['CAPTURE', 'REFUND_OWED']);
});

test('a decline that is told after the capture changes nothing', async () => {
  await capture();
  await parts.transitions.fail(payment.paymentId, 'card_declined');
  expect(await parts.payments.get(service.database, payment.paymentId)).toMatchObject({
    status: 'SUCCEEDED',
    declineReason: null,
  });
});

test('a late capture gives way to a payment that begins between its look at the booking and its entry', async () => {
  const { bookingId, userId, amountPaise } = payment;
  await parts.transitions.fail(payment.paymentId, 'card_declined');
  const method = { token: 'tok_success' };
  const { other, capturing } = await service.database.transaction(async (tx) => {
    const other = await parts.steps.begin(tx, { bookingId, userId, amountPaise, method });
    // It looks before the other payment is committed, and then waits for it at the index.
    const capturing = capture().then(
      () => undefined,
      (error: unknown) => error,
    );
    await service.untilWaiting(1);
    return { other, capturing };
  });
  expect(await capturing).toMatchObject({ code: '23505', constraint: 'payments_one_live_per_booking' });
  expect(await entered()).toEqual([]);
  expect(await queued()).toEqual(['settle-payment']);
  expect(await parts.payments.findLive(service.database, bookingId)).toMatchObject({
    paymentId: other?.paymentId,
    status: 'PROCESSING',
  });

  // The job asks again, and now sees the other payment: what came in goes back.
  await capture();
  expect(await entered()).toEqual(['CAPTURE', 'REFUND_OWED']);
  expect(await parts.payments.get(service.database, payment.paymentId)).toMatchObject({
    status: 'REFUNDING',
    refusalReason: 'already_paid',
  });
});

test('a payment that begins while a late capture is being entered is refused', async () => {
  const { bookingId, userId, amountPaise } = payment;
  await parts.transitions.fail(payment.paymentId, 'card_declined');
  const { beginning } = await service.database.transaction(async (tx) => {
    const failed = await parts.payments.lock(tx, payment.paymentId);
    await parts.payments.capture(tx, failed, 'SUCCEEDED', { chargeId: `ch_${bookingId}`, amountPaise });
    const beginning = parts.transitions
      .begin({ bookingId, userId, amountPaise, method: { token: 'tok_success' } })
      .catch((error: unknown) => error);
    await service.untilWaiting(1);
    return { beginning };
  });
  expect(await beginning).toBeInstanceOf(AlreadyPaid);
});
