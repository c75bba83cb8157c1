import type { BookingStatus, Redemption } from '@flight-booking/contracts';
import { takeBackJobSql, type Queries } from '@flight-booking/platform';
import { requireMove, type Booking, type Cause, type OfferedBooking } from './booking.js';
import { deadlineKey } from './booking.jobs.js';
import { shownStatusSql } from './shown-status.js';
import { stuckWorkSql } from './stuck-work.js';

/** Columns of a booking under the names that the domain has for them, with its parts as JSON. */
const BOOKING = `
  select
    b.booking_id as "bookingId", b.user_id as "userId", b.pnr, b.status,
    ${shownStatusSql('b')} as "shownStatus",
    b.status_cause as cause, b.status_detail as "causeDetail", b.status_changed_at as "changedAt",
    b.seat_count as "seatCount", json_build_object('name', b.contact_name, 'email', b.contact_email) as contact,
    b.fare_brand as "fareBrand", b.discount_code as "discountCode", b.amount_due_paise as "amountDuePaise", b.refund_paise as "refundPaise",
    (select json_build_object('amountPaise', r.amount_paise, 'reason', r.reason, 'returnedAt', r.returned_at)
      from returned_fees r where r.booking_id = b.booking_id) as "returnedFee",
    b.cancellation_quote_id as "cancellationQuoteId", b.departs_at as "departsAt",
    date_trunc('milliseconds', now()) as "readAt",
    b.payment_id as "paymentId", b.ticket_id as "ticketId", b.departs_at <= now() as "hasDeparted",
    b.expires_at as "expiresAt", b.confirmed_at as "confirmedAt", b.created_at as "createdAt",
    (select min(f.flight_id) from booking_flights f join cancelled_flights using (flight_id)
      where f.booking_id = b.booking_id) as "cancelledFlightId",
    ${stuckWorkSql('b.booking_id')} as stuck,
    (select json_agg(f.detail order by f.position) from booking_flights f where f.booking_id = b.booking_id)
      as flights,
    (select json_agg(json_strip_nulls(json_build_object(
        'name', p.name, 'age', p.age, 'email', p.email, 'phone', p.phone)) order by p.position)
      from booking_passengers p where p.booking_id = b.booking_id) as passengers,
    coalesce((select json_agg(json_build_object(
        'flight_id', s.flight_id, 'seat_number', s.seat_number, 'cabin', s.cabin,
        'passenger_index', s.passenger_position) order by f.position, s.passenger_position)
      from booking_seats s join booking_flights f using (booking_id, flight_id)
      where s.booking_id = b.booking_id), '[]') as seats,
    coalesce((select json_agg(json_strip_nulls(json_build_object(
        'flight_id', l.flight_id, 'kind', l.kind, 'description', l.description, 'quantity', l.quantity,
        'amount_paise', l.amount_paise, 'tax_rate', l.tax_rate)) order by l.position)
      from booking_price_lines l where l.booking_id = b.booking_id), '[]') as "priceLines"
  from bookings b`;

const FIND = { name: 'find-booking', text: `${BOOKING} where b.booking_id = $1` };

const FIND_BY_PNR = {
  name: 'find-booking-by-pnr',
  text: `${BOOKING} where b.pnr = $1 and b.amount_due_paise is not null`,
};

/** The newest first; the filter sees an overdue booking as everybody else does. */
const LIST = {
  name: 'list-bookings',
  text: `
    ${BOOKING}
    where b.user_id = $1 and b.amount_due_paise is not null and b.booking_id < $2
      and ($3::text is null
        or $3 = ${shownStatusSql('b')})
    order by b.booking_id desc
    limit $4`,
};

const LOCK = {
  name: 'lock-booking',
  text: 'select booking_id from bookings where booking_id = $1 for update',
};

/** What a move changes, under the names that the domain has for it. */
const MOVED = `
  b.status, ${shownStatusSql('b')} as "shownStatus", b.status_cause as cause, b.status_detail as "causeDetail",
  b.status_changed_at as "changedAt", b.payment_id as "paymentId", b.confirmed_at as "confirmedAt",
  b.ticket_id as "ticketId", b.refund_paise as "refundPaise", b.cancellation_quote_id as "cancellationQuoteId"`;

/** Whatever a booking becomes, it does not wait for its deadline any more. */
const MOVE = {
  name: 'move-booking',
  text: `
    with waited as (${takeBackJobSql('$10')})
    update bookings as b set
      status = $2, status_cause = $3, status_detail = $4, status_changed_at = clock_timestamp(),
      payment_id = coalesce($5, b.payment_id), confirmed_at = coalesce($6, b.confirmed_at),
      ticket_id = coalesce($7, b.ticket_id), refund_paise = coalesce($8, b.refund_paise),
      cancellation_quote_id = $9
    where booking_id = $1
    returning ${MOVED}`,
};

const RECORD_REFUND = {
  name: 'record-refund-of-booking',
  text: `
    update bookings set refund_paise = amount_due_paise
    where booking_id = $1 and status = 'CANCELLED' and payment_id is null`,
};

const SETTLE_REDEMPTION = {
  name: 'settle-redemption-of-booking',
  text: 'update bookings set redemption_status = $2 where booking_id = $1 and status = any($3)',
};

/** What changes with a move besides the state. */
export interface MoveFacts {
  readonly cause: Cause;
  readonly detail?: string | undefined;
  readonly paymentId?: number;
  readonly confirmedAt?: Date;
  readonly ticketId?: number;
  readonly refundPaise?: number;
  readonly cancellationQuoteId?: number;
}

/** Which of a customer's bookings are listed. */
export interface BookingFilter {
  readonly userId: number;
  readonly status: BookingStatus | undefined;
  /** Only bookings older than this one. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** The bookings of this service's database. */
export class BookingRepository {
  async find(queries: Queries, bookingId: number): Promise<Booking | undefined> {
    return queries.maybeRow<Booking>(FIND, [bookingId]);
  }

  async findByPnr(queries: Queries, pnr: string): Promise<Booking | undefined> {
    return queries.maybeRow<Booking>(FIND_BY_PNR, [pnr]);
  }

  /** Bookings that were offered to the customer, the newest first. */
  async list(queries: Queries, { userId, status, before, limit }: BookingFilter): Promise<OfferedBooking[]> {
    return queries.rows<OfferedBooking>(LIST, [
      userId,
      before ?? Number.MAX_SAFE_INTEGER,
      status ?? null,
      limit,
    ]);
  }

  /** Holds the booking's row until the transaction ends; whoever comes second sees what the first has done. */
  async lock(tx: Queries, bookingId: number): Promise<Booking | undefined> {
    // Two statements: parts that were committed while the first one waited are not in its snapshot.
    await tx.execute(LOCK, [bookingId]);
    return this.find(tx, bookingId);
  }

  /** Moves a locked booking. Returns it as it is then. @throws IllegalMove */
  async move<Kind extends Booking>(
    tx: Queries,
    booking: Kind,
    to: BookingStatus,
    facts: MoveFacts,
  ): Promise<Kind> {
    requireMove(booking, to);
    const moved = await tx.row<Partial<Kind>>(MOVE, [
      booking.bookingId,
      to,
      facts.cause,
      facts.detail ?? null,
      facts.paymentId ?? null,
      facts.confirmedAt ?? null,
      facts.ticketId ?? null,
      facts.refundPaise ?? null,
      facts.cancellationQuoteId ?? null,
      deadlineKey(booking.pnr),
    ]);
    return { ...booking, ...moved };
  }

  /**
   * Records that a cancelled booking's price goes back although it had not been paid when it was cancelled. Where it
   * had been, this is about another payment of it, and what comes back of the first one stands.
   */
  async recordRefund(tx: Queries, bookingId: number): Promise<void> {
    await tx.execute(RECORD_REFUND, [bookingId]);
  }

  /**
   * Records what became of the use of a discount code, unless the booking has left the states that asked for it;
   * then what its new state asks for is recorded instead.
   */
  async settleRedemption(
    queries: Queries,
    bookingId: number,
    became: Redemption['status'],
    whileIn: readonly BookingStatus[],
  ): Promise<void> {
    await queries.execute(SETTLE_REDEMPTION, [bookingId, became, whileIn]);
  }
}
