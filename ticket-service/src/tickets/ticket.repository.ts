import type { BookingDetail, Cabin } from '@flight-booking/contracts';
import { addJobSql, addJobValues, takeBackJobSql, type Queries } from '@flight-booking/platform';
import type { InvoiceContent } from '../invoices/invoice.js';
import { tellBooking, tellBookingKey } from './ticket.jobs.js';
import { FIRST_TICKET_SERIAL } from './ticket-number.js';
import type { Coupon, PlannedCoupon, Ticket } from './ticket.js';

/** A ticket that is ready to be numbered and written down with its invoice. */
export interface TicketDraft {
  readonly booking: BookingDetail;
  readonly coupons: readonly PlannedCoupon[];
  /** Three digits: under whose numbers the ticket is issued. */
  readonly accountingCode: string;
  readonly issuedAt: Date;
  readonly invoice: {
    readonly series: string;
    readonly financialYear: string;
    readonly content: InvoiceContent;
  };
}

/** The job that repeats what the request itself says at once; after this long the request is through or dead. */
const REPEAT_AFTER_MS = 2_000;

/**
 * One statement, so that either everything exists or nothing does, with one trip while counters are locked.
 * Two callers for one booking meet at its row, as does whoever cancels it: the second waits, sees what the
 * first did, inserts nothing, and so touches no counter. `ticket` reads from `locked_booking`, `serial` from `ticket`
 * and `counter` from `serial`, which makes every caller lock booking, airline and series in this order, so
 * that they cannot deadlock.
 */
const ISSUE = {
  name: 'issue-ticket',
  text: `
    with locked_booking as (
      insert into bookings (booking_id) values ($1)
      on conflict (booking_id) do update set booking_id = excluded.booking_id
      returning booking_id, cancelled_at
    ), ticket as (
      insert into tickets (booking_id, user_id, pnr, issued_at, booking)
      select booking_id, $2, $3, $4, $5 from locked_booking where cancelled_at is null
      on conflict (booking_id) do nothing
      returning ticket_id
    ), serial as (
      insert into ticket_serials as existing (accounting_code, last_serial)
      select $6, $7::bigint + $8::integer - 1 from ticket
      on conflict (accounting_code) do update set last_serial = existing.last_serial + $8::integer
      returning last_serial
    ), numbers as (
      insert into ticket_numbers (ticket_number, ticket_id, passenger_index)
      select $6 || lpad((last_serial - $8::integer + 1 + passenger)::text, 10, '0'), ticket_id, passenger
      from ticket, serial, generate_series(0, $8::integer - 1) as passenger
      returning ticket_number, passenger_index
    ), issued_coupons as (
      insert into coupons (ticket_number, coupon_number, flight_id, seat_number, cabin, check_in_sequence)
      select ticket_number, "couponNumber", "flightId", "seatNumber", cabin, "checkInSequence"
      from numbers join jsonb_to_recordset($9) as planned
        ("passengerIndex" integer, "couponNumber" integer, "flightId" bigint, "seatNumber" text, cabin text,
         "checkInSequence" integer)
        on "passengerIndex" = passenger_index
    ), counter as (
      insert into document_counters as existing (series, financial_year, last_number)
      select $10, $11, 1 from serial
      on conflict (series, financial_year) do update set last_number = existing.last_number + 1
      returning last_number
    ), invoice as (
      insert into invoices (ticket_id, series, financial_year, sequence, issued_at, total_paise, content)
      select ticket_id, $10, $11, last_number, $4, $12, $13 from ticket, counter
      returning invoice_id
    )
    select ticket_id as "ticketId", invoice_id as "invoiceId",
      (select json_agg(ticket_number order by passenger_index) from numbers) as "ticketNumbers",
      ${addJobSql(`json_build_object('booking_id', $1::bigint)`, 14)}
    from ticket, invoice`,
};

const TAKE_BACK_TELLING = { name: 'take-back-telling', text: takeBackJobSql('$1') };

/** After this the transaction sees whatever was issued for the booking, and nobody issues for it any more. */
const MARK_CANCELLED = {
  name: 'mark-booking-cancelled',
  text: `
    insert into bookings as existing (booking_id, cancelled_at) values ($1, $2)
    on conflict (booking_id) do update set cancelled_at = coalesce(existing.cancelled_at, excluded.cancelled_at)`,
};

const REFUND_COUPONS = {
  name: 'refund-coupons',
  text: `
    update coupons set status = 'REFUNDED'
    from ticket_numbers join tickets using (ticket_id)
    where coupons.ticket_number = ticket_numbers.ticket_number and booking_id = $1 and coupons.status = 'OPEN'`,
};

const SELECT_TICKET = `
  select ticket_id, booking_id, user_id, pnr, tickets.issued_at, booking, cancelled_at, invoice_id,
    content -> 'supplier' ->> 'name' as issuer,
    (select jsonb_agg(jsonb_build_object('ticketNumber', ticket_number, 'passengerIndex', passenger_index,
        'couponNumber', coupon_number, 'flightId', flight_id, 'seatNumber', seat_number, 'cabin', cabin,
        'checkInSequence', check_in_sequence, 'status', status) order by check_in_sequence)
     from ticket_numbers join coupons using (ticket_number)
     where ticket_numbers.ticket_id = tickets.ticket_id) as coupons
  from tickets join bookings using (booking_id) join invoices using (ticket_id)`;

const BY_ID = { name: 'ticket-by-id', text: `${SELECT_TICKET} where ticket_id = $1` };
const BY_BOOKING = { name: 'ticket-by-booking', text: `${SELECT_TICKET} where booking_id = $1` };

interface TicketRow {
  readonly ticket_id: number;
  readonly booking_id: number;
  readonly user_id: number;
  readonly pnr: string;
  readonly issued_at: Date;
  readonly booking: BookingDetail;
  readonly cancelled_at: Date | null;
  readonly invoice_id: number;
  readonly issuer: string;
  readonly coupons: readonly (Coupon & { readonly cabin: Cabin })[];
}

const toTicket = (row: TicketRow): Ticket => ({
  ticketId: row.ticket_id,
  bookingId: row.booking_id,
  userId: row.user_id,
  pnr: row.pnr,
  issuedAt: row.issued_at,
  cancelledAt: row.cancelled_at,
  booking: row.booking,
  invoiceId: row.invoice_id,
  issuer: row.issuer,
  coupons: row.coupons,
});

/** What issuing makes of a draft. */
interface IssuedRow {
  readonly ticketId: number;
  readonly invoiceId: number;
  /** In the passengers' order. */
  readonly ticketNumbers: readonly string[];
}

const issuedTicket = (
  { booking, coupons, issuedAt, invoice }: TicketDraft,
  { ticketId, invoiceId, ticketNumbers }: IssuedRow,
): Ticket => ({
  ticketId,
  bookingId: booking.booking_id,
  userId: booking.user_id,
  pnr: booking.pnr,
  issuedAt,
  cancelledAt: null,
  booking,
  invoiceId,
  issuer: invoice.content.supplier.name,
  coupons: ticketNumbers.flatMap((ticketNumber, passenger) =>
    coupons
      .filter(({ passengerIndex }) => passengerIndex === passenger)
      .map((coupon) => ({ ...coupon, ticketNumber, status: 'OPEN' })),
  ),
});

/** Tickets with their numbers and coupons. */
export class TicketRepository {
  /**
   * Issues ticket, ticket numbers, coupons and invoice, with the job that tells booking-service.
   * @returns the ticket if this call issued it; undefined when the booking has one already, or was cancelled
   */
  async issue(queries: Queries, draft: TicketDraft): Promise<Ticket | undefined> {
    const { booking, coupons, accountingCode, issuedAt, invoice } = draft;
    const issued = await queries.maybeRow<IssuedRow>(ISSUE, [
      booking.booking_id,
      booking.user_id,
      booking.pnr,
      issuedAt,
      JSON.stringify(booking),
      accountingCode,
      FIRST_TICKET_SERIAL,
      booking.passengers.length,
      JSON.stringify(coupons),
      invoice.series,
      invoice.financialYear,
      invoice.content.totals.total_paise,
      JSON.stringify(invoice.content),
      ...addJobValues(tellBooking, { afterMs: REPEAT_AFTER_MS, key: tellBookingKey(booking.booking_id) }),
    ]);
    return issued && issuedTicket(draft, issued);
  }

  /** Takes the job back that would tell booking-service of a booking's ticket, of which it has heard. */
  async takeBackTelling(queries: Queries, bookingId: number): Promise<void> {
    await queries.execute(TAKE_BACK_TELLING, [tellBookingKey(bookingId)]);
  }

  /** Remembers that a booking was cancelled, also one without a ticket, and locks it. Again, it changes nothing. */
  async markCancelled(tx: Queries, bookingId: number, cancelledAt: Date): Promise<void> {
    await tx.execute(MARK_CANCELLED, [bookingId, cancelledAt]);
  }

  /** Voids the coupons of a booking that are open, whatever comes back of them. The booking must be locked. */
  async refundCoupons(tx: Queries, bookingId: number): Promise<void> {
    await tx.execute(REFUND_COUPONS, [bookingId]);
  }

  async byId(queries: Queries, ticketId: number): Promise<Ticket | undefined> {
    const row = await queries.maybeRow<TicketRow>(BY_ID, [ticketId]);
    return row && toTicket(row);
  }

  async byBooking(queries: Queries, bookingId: number): Promise<Ticket | undefined> {
    const row = await queries.maybeRow<TicketRow>(BY_BOOKING, [bookingId]);
    return row && toTicket(row);
  }
}
