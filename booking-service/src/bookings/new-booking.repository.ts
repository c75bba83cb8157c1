import type { FareBrand, FlightDetail, Passenger, PriceLineDetail } from '@flight-booking/contracts';
import { addJobSql, addJobValues, uniqueViolationOf, type Queries } from '@flight-booking/platform';
import { FlightDeparted } from '../flights/flight.errors.js';
import { firstLeg } from '../flights/itinerary.js';
import type { BookedSeat, Booking } from './booking.js';
import { RecordLocatorTaken } from './booking.errors.js';
import { deadlineKey, meetDeadline } from './booking.jobs.js';

const ABOUT_BOOKING = `json_build_object('booking_id', booking_id)`;

/**
 * The row, its flights, its passengers and the job that takes it back, in one round trip; nothing when the first
 * flight has departed.
 */
const ADD = {
  name: 'add-booking',
  text: `
    with booking as (
      insert into bookings (user_id, pnr, status, status_cause, seat_count, contact_name, contact_email,
                            discount_code, departs_at, expires_at, created_at, fare_brand)
      select $1::bigint, $2::text, 'CREATED', 'created', $3::integer, $4::text, $5::text, $6::text,
             $7::timestamptz, $8::timestamptz, $9::timestamptz, $15::text
      where $7::timestamptz > now()
      returning booking_id
    ), flights as (
      insert into booking_flights (booking_id, position, flight_id, detail)
      select booking_id, position - 1, (detail ->> 'flight_id')::bigint, detail
      from booking, jsonb_array_elements($10::jsonb) with ordinality as given (detail, position)
    ), passengers as (
      insert into booking_passengers (booking_id, position, name, age, email, phone)
      select booking_id, position - 1, name, age, email, phone
      from booking, unnest($11::text[], $12::integer[], $13::text[], $14::text[])
        with ordinality as given (name, age, email, phone, position)
    )
    select booking_id as "bookingId", ${addJobSql(ABOUT_BOOKING, 16)}
    from booking`,
};

/**
 * Seats, price and the deadline for paying, in one round trip; nothing when the booking was taken back meanwhile
 * or one of its flights was cancelled.
 */
const OFFER = {
  name: 'offer-booking',
  text: `
    with booking as (
      update bookings set status = 'PENDING', status_cause = 'offered', status_detail = null,
                          status_changed_at = clock_timestamp(), amount_due_paise = $2
      where booking_id = $1 and status = 'CREATED' and not exists (
        select from booking_flights join cancelled_flights using (flight_id) where booking_id = $1
      )
      returning booking_id
    ), seats as (
      insert into booking_seats (booking_id, flight_id, seat_number, cabin, passenger_position)
      select booking_id, flight_id, seat_number, cabin, passenger_index
      from booking, jsonb_to_recordset($3::jsonb)
        as given (flight_id bigint, seat_number text, cabin text, passenger_index integer)
    ), lines as (
      insert into booking_price_lines (booking_id, position, flight_id, kind, description, quantity, amount_paise,
                                       tax_rate)
      select booking_id, position - 1, flight_id, kind, description, quantity, amount_paise, tax_rate
      from booking, rows from (jsonb_to_recordset($4::jsonb)
        as (flight_id bigint, kind text, description text, quantity integer, amount_paise bigint, tax_rate integer))
        with ordinality as given (flight_id, kind, description, quantity, amount_paise, tax_rate, position)
    )
    select ${addJobSql(ABOUT_BOOKING, 5)}
    from booking`,
};

/** A booking that is about to be written. */
export interface BookingDraft {
  readonly pnr: string;
  readonly userId: number;
  readonly contact: Booking['contact'];
  readonly flights: readonly FlightDetail[];
  readonly passengers: readonly Passenger[];
  readonly brand: FareBrand;
  readonly discountCode: string | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** When the row is taken back unless the booking was offered by then. */
  readonly abandonedAt: Date;
}

/** What a booking becomes when it is offered to its customer. */
export interface Offer {
  readonly pnr: string;
  readonly seats: readonly BookedSeat[];
  readonly priceLines: readonly PriceLineDetail[];
  readonly amountDuePaise: number;
  readonly expiresAt: Date;
}

/** Writes bookings while they are being made. */
export class NewBookingRepository {
  /**
   * Writes a booking as `CREATED`. Returns its id.
   * @throws FlightDeparted | RecordLocatorTaken
   */
  async add(queries: Queries, draft: BookingDraft): Promise<number> {
    const added = await this.tryToAdd(queries, draft);
    if (added === undefined) throw new FlightDeparted(firstLeg(draft.flights).flight_id);
    return added.bookingId;
  }

  /** `CREATED` to `PENDING`. Returns whether that could still be done. */
  async offer(queries: Queries, bookingId: number, offer: Offer): Promise<boolean> {
    const offered = await queries.execute(OFFER, [
      bookingId,
      offer.amountDuePaise,
      JSON.stringify(offer.seats),
      JSON.stringify(offer.priceLines),
      ...addJobValues(meetDeadline, { runAt: offer.expiresAt, key: deadlineKey(offer.pnr) }),
    ]);
    return offered === 1;
  }

  private async tryToAdd(
    queries: Queries,
    draft: BookingDraft,
  ): Promise<{ readonly bookingId: number } | undefined> {
    try {
      return await queries.maybeRow<{ bookingId: number }>(ADD, valuesOf(draft));
    } catch (error) {
      if (uniqueViolationOf(error) !== 'bookings_pnr_unique') throw error;
      throw new RecordLocatorTaken(`Another booking is called ${draft.pnr}.`, { cause: error });
    }
  }
}

const valuesOf = ({ passengers, ...draft }: BookingDraft): unknown[] => [
  draft.userId,
  draft.pnr,
  passengers.length,
  draft.contact.name,
  draft.contact.email,
  draft.discountCode ?? null,
  firstLeg(draft.flights).departure_time,
  draft.expiresAt,
  draft.createdAt,
  JSON.stringify(draft.flights),
  passengers.map(({ name }) => name),
  passengers.map(({ age }) => age ?? null),
  passengers.map(({ email }) => email ?? null),
  passengers.map(({ phone }) => phone ?? null),
  draft.brand,
  ...addJobValues(meetDeadline, { runAt: draft.abandonedAt, key: deadlineKey(draft.pnr) }),
];
