import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ScratchDatabases } from '../testing/scratch-databases.js';
import { AuditDatabases } from './audit-databases.js';
import { Auditor } from './auditor.js';
import { cardNumbersIn, findCardNumbers, passesLuhn } from './card-numbers.js';
import type { AuditedService } from './invariant.js';
import { INVARIANTS } from './invariants.js';

type Plants = Partial<Record<AuditedService, string>>;

const PAYMENT = `insert into payments (payment_id, booking_id, amount_paise, captured_paise, refunded_paise, status, confirmed_at)
  overriding system value values`;
const BOOKING = `insert into bookings (booking_id, status, status_cause, amount_due_paise, refund_paise, payment_id, seat_count, confirmed_at, expires_at, pnr)
  overriding system value values`;

/** For each invariant, the least that breaks it. */
const PLANTS: Readonly<Record<string, Plants>> = {
  I1: {
    'seat-service':
      "insert into seats (flight_id, seat_number, booking_id) values (1, '1A', 7), (1, '1A', 8)",
  },
  I1b: {
    'seat-service':
      "insert into seats (flight_id, seat_number, booking_id, status) values (1, '1A', 7, 'SOLD')",
  },
  I1c: {
    'seat-service': `insert into seat_history (flight_id, seat_number, version, event, booking_id)
      values (1, '1A', 1, 'SOLD', 7), (1, '1A', 2, 'RESERVED', 8)`,
  },
  I2: {
    'ticket-service': `insert into coupons (ticket_number, flight_id, seat_number, status) values ('098', 1, '1A', 'OPEN');
      insert into ticket_numbers (ticket_number, ticket_id) values ('098', 5);
      insert into tickets (ticket_id, booking_id) overriding system value values (5, 7)`,
  },
  I3: {
    'seat-service': `insert into flights (flight_id, aircraft_type) values (1, 'ATR72');
      insert into seats (flight_id, seat_number, cabin) values (1, '21A', 'economy')`,
  },
  I3b: { 'seat-service': "insert into flights (flight_id, aircraft_type, version) values (1, 'ATR72', 3)" },
  I4: {
    'seat-service': `insert into reservations (booking_id, status, expires_at) values (7, 'RESERVED', now() - interval '1 s')`,
  },
  I5: {
    'seat-service': `insert into reservations (booking_id, status, seats)
      values (7, 'SOLD', '[{"flightId": 1, "seatNumber": "1A"}]')`,
  },
  I6: {
    'seat-service': `insert into reservations (booking_id, status, seats) values (7, 'RELEASED', '[]');
      insert into seats (flight_id, seat_number, booking_id, status) values (1, '1A', 7, 'SOLD')`,
  },
  I6b: {
    'seat-service':
      "insert into seats (flight_id, seat_number, booking_id, status) values (1, '1A', 7, 'SOLD')",
    'booking-service': `${BOOKING} (7, 'CANCELLED', 'customer', 100, 0, null, 1, null, now(), 'A')`,
  },
  I7: {
    'seat-service': `insert into seat_history (flight_id, seat_number, version, event, booking_id) values (1, '1A', 1, 'SOLD', 7)`,
  },
  I8: {
    'booking-service': `insert into booking_history (booking_id, from_status, to_status) values (7, null, 'CREATED'), (7, 'CREATED', 'TICKETED')`,
  },
  I8b: { 'booking-service': `${BOOKING} (7, 'PENDING', 'offered', 100, null, null, 1, null, now(), 'A')` },
  I9: { 'booking-service': `${BOOKING} (7, 'CONFIRMED', 'paid', 100, null, 3, 1, now(), now(), 'A')` },
  I9b: { 'booking-service': `${BOOKING} (7, 'CONFIRMED', 'paid', 100, null, 3, 1, now(), now(), 'A')` },
  I9c: { 'booking-service': `${BOOKING} (7, 'PENDING', 'offered', 100, null, null, 2, null, now(), 'A')` },
  I10: {
    'booking-service': `${BOOKING} (7, 'PENDING', 'a', 1, null, null, 1, null, now(), 'A'), (8, 'PENDING', 'a', 1, null, null, 1, null, now(), 'A')`,
  },
  I10b: { 'ticket-service': "insert into ticket_numbers (ticket_number) values ('098'), ('098')" },
  I11: {
    'booking-service': `insert into idempotency_keys (user_id, path, idempotency_key, resource_id)
      values (1, '/api/bookings/create', 'a', 7), (1, '/api/bookings/create', 'b', 7)`,
  },
  I11b: {
    'payment-service': `insert into idempotency_keys (user_id, path, idempotency_key, resource_id)
      values (1, '/api/payments/initiate', 'a', 7), (1, '/api/payments/initiate', 'b', 7)`,
  },
  I12: {
    'booking-service': "insert into booking_passengers (booking_id, position, name) values (7, 0, ' ')",
  },
  I13: {
    'booking-service': `insert into booking_flights (booking_id, position, flight_id, detail) values
      (7, 0, 1, '{"destination": {"code": "BOM"}, "arrival_time": "2027-01-01T10:00:00Z"}'),
      (7, 1, 2, '{"source": {"code": "BLR"}, "departure_time": "2027-01-01T12:00:00Z"}')`,
  },
  I14: { 'payment-service': `${PAYMENT} (3, 7, 100, 100, 0, 'SUCCEEDED', now())` },
  I14b: { 'payment-service': `${PAYMENT} (3, 7, 100, 0, 0, 'PROCESSING', null)` },
  I14c: { 'payment-service': "insert into refunds (payment_id, status) values (3, 'STUCK')" },
  I15: { 'payment-service': `${PAYMENT} (3, 7, 100, 100, 40, 'REFUNDING', null)` },
  I16: {
    'payment-service': `insert into ledger_transactions (transaction_id) overriding system value values (1);
      insert into ledger_entries (transaction_id, amount_paise) values (1, 100)`,
  },
  I16b: { 'payment-service': 'alter table ledger_entries disable trigger ledger_entries_stay' },
  I16c: { 'payment-service': `${PAYMENT} (3, 7, 100, 100, 0, 'SUCCEEDED', null)` },
  I16d: {
    'payment-service':
      "insert into ledger_entries (account, amount_paise) values ('customer_deposits', -100)",
  },
  I17: { 'booking-service': `${BOOKING} (7, 'PENDING', 'offered', 100, null, null, 1, null, now(), 'A')` },
  I17b: {
    'ticket-service': `insert into tickets (ticket_id, booking_id) overriding system value values (5, 7);
      insert into invoices (ticket_id, total_paise) values (5, 100)`,
  },
  I17c: {
    'booking-service': `${BOOKING} (7, 'PENDING', 'offered', 100, null, null, 1, null, now(), 'A');
      insert into booking_seats (booking_id, flight_id, cabin) values (7, 1, 'economy');
      insert into booking_flights (booking_id, position, flight_id, detail)
      values (7, 0, 1, '{"fares": [{"cabin": "economy", "total_paise": 90}]}')`,
  },
  I18: {
    'booking-service': `${BOOKING} (7, 'CANCELLED', 'customer', 100, 60, 3, 1, now(), now(), 'A')`,
    'payment-service': `${PAYMENT} (3, 7, 100, 100, 50, 'PARTIALLY_REFUNDED', now());
      insert into refunds (payment_id, amount_paise, reason_code) values (3, 50, 'cancelled')`,
  },
  I18b: { 'booking-service': `${BOOKING} (7, 'CANCELLED', 'customer', 100, 60, 3, 1, now(), now(), 'A')` },
  I18c: {
    'booking-service': 'insert into returned_fees (booking_id, payment_id, amount_paise) values (7, 3, 40)',
  },
  I18d: {
    'booking-service': 'insert into returned_fees (booking_id, payment_id, amount_paise) values (7, 3, 40)',
    'payment-service':
      "insert into refunds (payment_id, amount_paise, reason_code) values (3, 30, 'fee_returned')",
  },
  I19: {
    'payment-service':
      "insert into mock_provider.charges (charge_id, status, amount_paise) values ('ch', 'CAPTURED', 100)",
  },
  I19b: {
    'payment-service':
      "insert into mock_provider.refunds (refund_id, status, amount_paise) values ('re', 'SUCCEEDED', 100)",
  },
  I20: {
    'booking-service':
      "insert into booking_price_lines (booking_id, kind, amount_paise) values (7, 'gst', 25001)",
  },
  I20b: {
    'ticket-service': `insert into invoices (total_paise, content) values (100, '{"totals": {"taxable_paise": 90,
      "cgst_paise": 6, "state_tax_paise": 4, "igst_paise": 0, "pass_through_paise": 0}}')`,
  },
  I21: { 'discount-service': "insert into discount_codes (code, uses, total_limit) values ('A', 1, 5)" },
  I21b: {
    'discount-service': `insert into discount_codes (code, per_user_limit) values ('A', 1);
      insert into redemptions (booking_id, code, user_id, status) values (7, 'A', 1, 'HELD'), (8, 'A', 1, 'HELD')`,
  },
  I21c: {
    'booking-service': `${BOOKING} (7, 'CONFIRMED', 'paid', 100, null, 3, 1, now(), now(), 'A'); update bookings set discount_code = 'A'`,
    'discount-service':
      "insert into redemptions (booking_id, code, user_id, status) values (7, 'A', 1, 'LAPSED')",
  },
  I22: {
    'booking-service':
      "insert into booking_price_lines (booking_id, kind, amount_paise) values (7, 'discount', -100)",
    'discount-service':
      'insert into redemptions (booking_id, discount_paise, eligible_paise) values (7, 90, 900)',
  },
  I23: {
    'booking-service': `${BOOKING} (7, 'CANCELLED', 'customer', 100, 0, null, 1, null, now(), 'A'); update bookings set discount_code = 'A'`,
    'discount-service': "insert into redemptions (booking_id, status) values (7, 'HELD')",
  },
  I24: { 'ticket-service': 'insert into tickets (booking_id) values (7)' },
  I24b: {
    'ticket-service': `insert into bookings (booking_id, cancelled_at) values (7, now());
      insert into tickets (ticket_id, booking_id) overriding system value values (5, 7);
      insert into ticket_numbers (ticket_number, ticket_id) values ('098', 5);
      insert into coupons (ticket_number, coupon_number, status) values ('098', 1, 'OPEN')`,
  },
  I24c: {
    'booking-service': `${BOOKING} (7, 'TICKETED', 'ticketed', 100, null, 3, 1, now(), now(), 'A'); update bookings set ticket_id = 5`,
  },
  I25: {
    'ticket-service': `insert into document_counters (series, financial_year, last_number) values ('FB', '26-27', 3);
      insert into invoices (invoice_id, series, financial_year, sequence) overriding system value
        values (1, 'FB', '26-27', 1), (2, 'FB', '26-27', 3)`,
  },
  I25b: {
    'ticket-service': `insert into document_counters (series, financial_year, last_number) values ('CN', '26-27', 2);
      insert into credit_notes (credit_note_id, series, financial_year, sequence) overriding system value
        values (1, 'CN', '26-27', 2), (2, 'CN', '26-27', 1)`,
  },
  I25c: {
    'ticket-service': `insert into bookings (booking_id, cancelled_at) values (7, now());
      insert into tickets (ticket_id, booking_id) overriding system value values (5, 7);
      insert into invoices (ticket_id, total_paise) values (5, 100)`,
    'booking-service': `${BOOKING} (7, 'CANCELLED', 'customer', 100, 60, 3, 1, now(), now(), 'A')`,
  },
  I28: {
    'notification-service': `insert into notifications (booking_id, event_type, channel)
      values (7, 'booking.cancelled', 'email'), (7, 'booking.cancelled', 'email')`,
  },
  I28b: {
    'booking-service':
      "insert into booking_history (booking_id, from_status, to_status, cause) values (7, 'PENDING', 'EXPIRED', 'unpaid')",
  },
  I29a: { 'booking-service': `insert into booking_payments (payment_id, booking_id) values (3, 7)` },
  I29b: { 'notification-service': "insert into notifications (booking_id, status) values (7, 'QUEUED')" },
  I29c: {
    'ticket-service': "insert into graphile_worker._private_jobs (task_identifier) values ('tell-booking')",
  },
  I29d: { 'seat-service': "insert into stuck_jobs (job, payload, reason) values ('a', '{}', 'b')" },
};

describe('the audit', () => {
  const scratch = new ScratchDatabases();
  let databases: AuditDatabases;

  beforeAll(async () => {
    await scratch.start();
    databases = new AuditDatabases(scratch.urls);
  });
  afterAll(async () => {
    await databases?.stop();
    await scratch.stop();
  });
  beforeEach(() => scratch.clear());

  it('finds nothing where nothing is', async () => {
    const findings = await new Auditor(databases).audit(0);
    expect(findings.filter(({ offenders }) => offenders.length > 0)).toEqual([]);
    expect(findings).toHaveLength(INVARIANTS.length);
  });

  it.each(INVARIANTS.map((invariant) => [invariant.id, invariant.statement, invariant] as const))(
    'finds what breaks %s: %s',
    async (id, _statement, invariant) => {
      const plants = PLANTS[id];
      expect(plants, `nothing breaks ${id} yet`).toBeDefined();
      for (const [service, sql] of Object.entries(plants ?? {}))
        await scratch.plant(service as AuditedService, sql);
      const [finding] = await new Auditor(databases, [invariant]).audit(0);
      expect(finding?.offenders.length).toBeGreaterThan(0);
      if (id === 'I16b')
        await scratch.plant(
          'payment-service',
          'alter table ledger_entries enable trigger ledger_entries_stay',
        );
    },
  );

  it('takes a correction for money that its booking gives back', async () => {
    await scratch.plant(
      'booking-service',
      `${BOOKING} (7, 'CANCELLED', 'customer', 100, 60, 3, 1, now(), now(), 'A');
       insert into booking_payments (payment_id, booking_id, amount_paise, verdict) values (3, 7, 100, 'accepted')`,
    );
    await scratch.plant(
      'payment-service',
      `${PAYMENT} (3, 7, 100, 100, 60, 'PARTIALLY_REFUNDED', now());
       insert into refunds (payment_id, amount_paise, reason_code) values (3, 50, 'cancelled'), (3, 10, 'correction')`,
    );
    const where = INVARIANTS.filter(({ id }) => ['I14', 'I15', 'I18'].includes(id));
    const findings = await new Auditor(databases, where).audit(0);
    expect(findings.flatMap(({ offenders }) => offenders)).toEqual([]);
  });

  it('counts what crosses services only when it is still the same after a while', async () => {
    const [broken] = INVARIANTS.filter(({ id }) => id === 'I24');
    await scratch.plant('ticket-service', 'insert into tickets (booking_id) values (7), (8)');
    const auditing = new Auditor(databases, [broken!]).audit(600);
    await expect
      .poll(async () => {
        // The booking arrives while the audit waits.
        await scratch.plant(
          'booking-service',
          `delete from bookings; ${BOOKING} (7, 'CONFIRMED', 'paid', 1, null, 3, 1, now(), now(), 'A')`,
        );
        return true;
      })
      .toBe(true);
    const [finding] = await auditing;
    expect(finding?.offenders).toEqual([expect.stringMatching(/^8: ticket says paid, booking says nothing/)]);
  });

  it('compares a hundred thousand rows of two databases in pages', async () => {
    await scratch.plant(
      'ticket-service',
      'insert into tickets (booking_id) select generate_series(1, 100000)',
    );
    await scratch.plant(
      'booking-service',
      `insert into bookings (booking_id, confirmed_at) overriding system value
       select id, now() from generate_series(1, 100000) as id where id not in (4999, 5000, 5001, 100000)`,
    );
    const [finding] = await new Auditor(
      databases,
      INVARIANTS.filter(({ id }) => id === 'I24'),
    ).audit(0);
    expect(finding?.offenders.map((offender) => offender.split(':')[0])).toEqual([
      '100000',
      '4999',
      '5000',
      '5001',
    ]);
  });

  it('finds a card number in any text that is kept, and in the logs', async () => {
    const logs = await mkdtemp(join(tmpdir(), 'flight-booking-logs-'));
    await writeFile(join(logs, 'payment-service.log'), '{"body":"4242424242424242"}\n{"id":1234567890123}\n');
    await scratch.plant(
      'notification-service',
      "insert into notifications (body_text) values ('Your card 4000000000000002')",
    );
    await scratch.plant(
      'ticket-service',
      "insert into ticket_numbers (ticket_number) values ('4222222222222')",
    );
    const { offenders } = await findCardNumbers(databases, logs);
    await rm(logs, { recursive: true });
    expect(offenders).toEqual([
      'notification-service: public.notifications.body_text has 1',
      'payment-service.log has 1',
    ]);
  });
});

describe('card numbers', () => {
  it('pass the formula of their check digit, and nothing else does', () => {
    expect(['4242424242424242', '378282246310005', '4242424242424241'].map(passesLuhn)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('are told from times, ids and the numbers of our own documents', () => {
    expect(cardNumbersIn('paid with 4242424242424242 today')).toEqual(['4242424242424242']);
    expect(cardNumbersIn('at 1764000000000, "lock_id":4222222222222, ticket_number: 4222222222222')).toEqual(
      [],
    );
    expect(cardNumbersIn('key 4242424242424242-a1b2')).toEqual([]);
  });
});
