import { knownJobsSql, type Queries } from '@flight-booking/platform';
import { decidePayment, meetDeadline } from '../bookings/booking.jobs.js';
import { cancelFlightBookings, cancelForFlight } from '../cancellations/cancellation.jobs.js';

/** Work whose job is gone. */
export interface LostWork {
  readonly bookingId: number;
  /** The name of the job. */
  readonly job: string;
}

/** A booking whose deadline passed without anything happening. */
export interface MissedDeadline {
  readonly bookingId: number;
  readonly pnr: string;
}

/** A captured payment that nobody decides. */
export interface ForgottenPayment {
  readonly bookingId: number;
  readonly paymentId: number;
  readonly amountPaise: number;
}

/** A booking that lives on although a flight of it is cancelled. */
export interface SparedBooking {
  readonly bookingId: number;
  readonly reason: string;
}

/** Whatever is due for less than this is not lost: its job was added, and may not be seen yet. */
const GRACE = `interval '1 minute'`;
/** A cancelled flight is looked after for this long; whoever books it later is refused. */
const LOOKED_AFTER = `interval '1 day'`;
/** One round repairs so many of a kind; the next comes a minute later. */
const AT_MOST = 500;

/** A job that is queued, being worked on, or stuck and so waiting for an operator, is not lost. */
const KNOWN_JOBS = `known_jobs as materialized (${knownJobsSql('booking_id', 'payment_id')})`;

/**
 * @param job an expression
 * @param owner the alias of what is looked at
 * @param field its column that the job was told too
 */
const noJob = (job: string, owner: string, field: 'booking_id' | 'payment_id'): string =>
  `not exists (select from known_jobs as known where known.job = ${job} and known.${field} = ${owner}.${field})`;

const FOLLOW_UPS = `
  with ${KNOWN_JOBS}
  select booking_id as "bookingId", follow_up as job from booking_follow_ups as owed
  where done_at is null and due_at < now() - ${GRACE} and ${noJob('owed.follow_up', 'owed', 'booking_id')}
  order by due_at limit ${AT_MOST}`;

/** An undecided payment keeps its booking from expiring, and is found by itself. */
const DEADLINES = `
  with ${KNOWN_JOBS}
  select booking_id as "bookingId", pnr from bookings as b
  where status in ('CREATED', 'PENDING') and expires_at < now() - ${GRACE}
    and not exists (select from booking_payments as p where p.booking_id = b.booking_id and p.verdict is null)
    and ${noJob(`'${meetDeadline.name}'`, 'b', 'booking_id')}
  order by expires_at limit ${AT_MOST}`;

/** A booking may have several payments, of which one that is stuck must not hide another that is lost. */
const PAYMENTS = `
  with ${KNOWN_JOBS}
  select booking_id as "bookingId", payment_id as "paymentId", amount_paise as "amountPaise"
  from booking_payments as p
  where verdict is null and received_at < now() - $1::double precision * interval '1 millisecond' - ${GRACE}
    and ${noJob(`'${decidePayment.name}'`, 'p', 'payment_id')}
  order by received_at limit ${AT_MOST}`;

const SPARED = `
  with ${KNOWN_JOBS}
  select b.booking_id as "bookingId", min(c.reason) as reason
  from cancelled_flights as c join booking_flights using (flight_id) join bookings as b using (booking_id)
  where c.recorded_at between now() - ${LOOKED_AFTER} and now() - ${GRACE}
    and (b.status in ('CONFIRMED', 'TICKETED') or b.status = 'PENDING' and b.expires_at > now())
    and not exists (select from known_jobs where job = '${cancelFlightBookings.name}')
    and ${noJob(`'${cancelForFlight.name}'`, 'b', 'booking_id')}
  group by b.booking_id limit ${AT_MOST}`;

/** Finds what should have happened to bookings and evidently will not, because no job is left that would do it. */
export class LostWorkRepository {
  /** Lets one round after another look, so that a second one sees the jobs that the first has added. */
  async waitForTurn(tx: Queries): Promise<void> {
    await tx.execute(`select pg_advisory_xact_lock(hashtextextended('watch-bookings', 0))`);
  }

  async followUps(queries: Queries): Promise<LostWork[]> {
    return queries.rows<LostWork>(FOLLOW_UPS);
  }

  async deadlines(queries: Queries): Promise<MissedDeadline[]> {
    return queries.rows<MissedDeadline>(DEADLINES);
  }

  /** @param patienceMs how long a decision may take before its job begins */
  async payments(queries: Queries, patienceMs: number): Promise<ForgottenPayment[]> {
    return queries.rows<ForgottenPayment>(PAYMENTS, [patienceMs]);
  }

  async sparedBookings(queries: Queries): Promise<SparedBooking[]> {
    return queries.rows<SparedBooking>(SPARED);
  }
}
