import type { Mutant, Patch } from './mutant.js';
import { FEW_SEATS, MESSENGERS_DIE, REFUNDS_BREAK, TOO_LATE } from './scenarios.js';

const LOCK_SCRIPT = 'seat-service/src/seats/lock-seats.lua';
const RESERVATIONS = 'seat-service/dist/reservations/reservation.service.js';
const SEATS = 'seat-service/dist/seats/seat.repository.js';
const LOCK_STORE = 'seat-service/dist/seats/lock-store.js';
const REFUND_ATTEMPTS = 'payment-service/dist/refunds/refund-attempt-transitions.js';

/** Every seat counts as free, so that what the database decides is put to the test. */
const REDIS_GUARDS_NOTHING: Patch = {
  file: LOCK_SCRIPT,
  find: 'return not locks[seat] and (reserved_until == nil or (reserved_until ~= 0 and reserved_until <= now))',
  replace: 'return true',
};

/** The mistakes that the programs have to find. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'no row-count check on reserve',
    mistake:
      'A reservation is made of fewer seats than it names. The lock in Redis is taken away, which would hide it.',
    patches: [
      REDIS_GUARDS_NOTHING,
      {
        file: RESERVATIONS,
        find: 'if (taken.length !== reservation.seats.length)\n            throw refusal(reservation.seats, taken);',
        replace: '',
      },
    ],
    scenario: FEW_SEATS,
    catchers: [{ check: 'I5' }, { check: 'H3', like: /booking \d+ until .* booking \d+/ }],
  },
  {
    name: 'user id in the lock key',
    mistake: 'Each customer has locks of their own, which keep nobody else out.',
    patches: [
      {
        file: LOCK_STORE,
        find: 'const keys = [takenKey(flightId), locksKey(flightId)];',
        replace: 'const keys = [takenKey(flightId), `${locksKey(flightId)}:${userId}`];',
      },
      {
        file: LOCK_STORE,
        find: 'const pairs = await this.reach(() => liveLocks.run(this.redis.client, [locksKey(flightId)], []));',
        replace:
          'const keys = await this.redis.client.keys(`${locksKey(flightId)}:*`);\n' +
          '        const pairs = (await Promise.all(keys.map((key) => liveLocks.run(this.redis.client, [key], [])))).flat();',
      },
    ],
    scenario: FEW_SEATS,
    catchers: [{ check: 'H3', like: /lock \d+ until .* lock \d+/ }],
  },
  {
    name: 'lock skipped when its expiry is far',
    mistake:
      'A lock that has long to live counts as none, as if only those that are about to end were worth a look.',
    patches: [
      {
        file: LOCK_SCRIPT,
        find: 'if expires > now then',
        replace: 'if expires > now and expires - now < 2000 then',
      },
    ],
    scenario: FEW_SEATS,
    catchers: [{ check: 'H3', like: /lock \d+ until .* lock \d+/ }],
  },
  {
    name: 'cancel without a state guard',
    mistake:
      'Whatever state a booking is in, it is cancelled. The guards of the database are taken away too.',
    patches: [
      {
        file: 'booking-service/dist/cancellations/cancel-booking.service.js',
        find: "if (booking.shownStatus === 'EXPIRED')\n        throw new BookingExpired(booking.bookingId);",
        replace: '',
      },
      {
        file: 'booking-service/dist/bookings/booking.js',
        find: 'if (MOVES[booking.status].includes(to))\n        return;\n',
        replace: 'return;\n',
      },
      {
        file: 'booking-service/migrations/0001_create_bookings.sql',
        find: 'if new.status <> old.status and not exists (',
        replace: 'if false and not exists (',
      },
      {
        file: 'booking-service/migrations/0005_create_cancellation_quotes.sql',
        find: "if new.status_cause = 'customer' then",
        replace:
          "if old.status = 'EXPIRED' then\n    return new;\n  elsif new.status_cause = 'customer' then",
      },
    ],
    scenario: TOO_LATE,
    catchers: [{ check: 'I8' }],
  },
  {
    name: 'handler acknowledged before its work',
    mistake: 'An event is acknowledged when it has arrived in memory, and applied two seconds later.',
    patches: [
      {
        file: 'packages/platform/dist/events/event-inbox.js',
        find: 'await this.receive(body, principal.clientId);',
        replace:
          'setTimeout(() => void this.receive(body, principal.clientId).catch(() => undefined), 2_000);',
      },
    ],
    scenario: MESSENGERS_DIE,
    catchers: [{ check: 'I28b' }],
  },
  {
    name: 'event sent outside of the transaction',
    mistake: 'An event is sent from memory while the transaction that makes it true is still open.',
    patches: [
      {
        file: 'packages/platform/dist/events/event-publisher.js',
        find: 'await this.jobs.add(tx, deliverEvent, { subscriber, event });',
        replace: 'void this.deliver(subscriber, event).catch(() => undefined);',
      },
    ],
    scenario: MESSENGERS_DIE,
    catchers: [{ check: 'I28b' }],
  },
  {
    name: 'conflict retried by overwriting',
    mistake:
      'A seat that belongs to somebody is simply taken. The lock in Redis is taken away, which would hide it.',
    patches: [
      REDIS_GUARDS_NOTHING,
      {
        file: SEATS,
        find: "where seats.booking_id = excluded.booking_id or (seats.status = 'RESERVED' and seats.expires_at <= now())",
        replace: '',
      },
    ],
    scenario: FEW_SEATS,
    catchers: [{ check: 'I1c' }, { check: 'I5' }],
  },
  {
    name: 'refund before commit',
    mistake: 'The provider is asked for a refund by a transaction that may still be rolled back.',
    patches: [
      {
        file: REFUND_ATTEMPTS,
        find: 'return this.records.attempts.add(tx, refund, (last?.attempt ?? 0) + 1);',
        replace:
          'const asked = await this.records.attempts.add(tx, refund, (last?.attempt ?? 0) + 1);\n' +
          '            const { chargeId } = await this.records.payments.get(tx, paymentId);\n' +
          '            const { idempotencyKey } = asked;\n' +
          '            await this.provider.refund({ idempotencyKey, chargeId, amountPaise: refund.amountPaise });\n' +
          '            await new Promise((done) => setTimeout(done, 500));\n' +
          '            return asked;',
      },
      {
        file: 'payment-service/dist/composition.js',
        find: 'const refundService = new RefundService(',
        replace: 'refundAttempts.provider = provider;\n    const refundService = new RefundService(',
      },
    ],
    scenario: REFUNDS_BREAK,
    catchers: [{ check: 'I19b' }],
  },
];
