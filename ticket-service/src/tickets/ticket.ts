import {
  passengerTypeOf,
  type BookingDetail,
  type Cabin,
  type FlightDetail,
} from '@flight-booking/contracts';
import { INDIA_TIME_ZONE, localTime } from '../time/local-time.js';
import { encodeBoardingPass } from './boarding-pass-code.js';
import { ticketName } from './passenger-name.js';

/** What can become of a coupon: flown, or worth nothing any more. */
export const COUPON_STATUSES = ['OPEN', 'USED', 'VOID', 'REFUNDED'] as const;

/** The right of one passenger to fly one flight. */
export interface PlannedCoupon {
  /** Index into the booking's passengers. */
  readonly passengerIndex: number;
  /** Place of the flight in the journey, from one. */
  readonly couponNumber: number;
  readonly flightId: number;
  readonly seatNumber: string;
  readonly cabin: Cabin;
  /** Order of the coupon in its ticket, from one: passenger by passenger, each in order of travel. */
  readonly checkInSequence: number;
}

/** A planned coupon with the number of the passenger's ticket. */
export interface Coupon extends PlannedCoupon {
  readonly ticketNumber: string;
  readonly status: (typeof COUPON_STATUSES)[number];
}

/** What was issued for one booking: a ticket number for every passenger, a coupon for every flight of each. */
export interface Ticket {
  readonly ticketId: number;
  readonly bookingId: number;
  readonly userId: number;
  readonly pnr: string;
  readonly issuedAt: Date;
  /** When its booking was cancelled; null while it is valid. */
  readonly cancelledAt: Date | null;
  readonly invoiceId: number;
  /** Who issued it, as on the invoice. */
  readonly issuer: string;
  /** The booking as it was when the ticket was issued, so that documents never change. */
  readonly booking: BookingDetail;
  /** Ordered by passenger, then by flight. */
  readonly coupons: readonly Coupon[];
}

/** Who issued the ticket owes a seat on every flight to every passenger; a booking without them is a defect. */
export class SeatMissing extends Error {
  override readonly name = 'SeatMissing';
}

/** One coupon for every passenger on every flight. @throws SeatMissing for a passenger without a seat. */
export function planCoupons(booking: BookingDetail): PlannedCoupon[] {
  const seats = new Map(booking.seats.map((seat) => [`${seat.passenger_index}/${seat.flight_id}`, seat]));
  return booking.passengers.flatMap((_, passengerIndex) =>
    booking.flights.map((flight, flightIndex) => {
      const seat = seats.get(`${passengerIndex}/${flight.flight_id}`);
      if (seat === undefined) {
        throw new SeatMissing(
          `Passenger ${passengerIndex} of booking ${booking.booking_id} has no seat on flight ${flight.flight_id}`,
        );
      }
      return {
        passengerIndex,
        couponNumber: flightIndex + 1,
        flightId: flight.flight_id,
        seatNumber: seat.seat_number,
        cabin: seat.cabin,
        checkInSequence: passengerIndex * booking.flights.length + flightIndex + 1,
      };
    }),
  );
}

/** The ticket numbers, one for every passenger, in the passengers' order. */
export const ticketNumbersOf = (ticket: Ticket): string[] => [
  ...new Set(ticket.coupons.map((coupon) => coupon.ticketNumber)),
];

/** The flight of a coupon. */
export function flightOf(ticket: Ticket, coupon: PlannedCoupon): FlightDetail {
  const flight = ticket.booking.flights[coupon.couponNumber - 1];
  if (flight === undefined)
    throw new Error(`Coupon ${coupon.couponNumber} of ticket ${ticket.ticketId} has no flight`);
  return flight;
}

/** The name of a coupon's passenger, as the customer typed it. */
export function passengerNameOf(ticket: Ticket, coupon: PlannedCoupon): string {
  const passenger = ticket.booking.passengers[coupon.passengerIndex];
  if (passenger === undefined)
    throw new Error(`Ticket ${ticket.ticketId} has no passenger ${coupon.passengerIndex}`);
  return passenger.name;
}

/** A flight number without its airline: `865` of `AI 865`. */
const bareFlightNumber = (flight: FlightDetail): string =>
  flight.flight_number.replace(flight.airline.code, '').replace(/[^0-9A-Z]/g, '');

const COMPARTMENTS: Readonly<Record<Cabin, string>> = { economy: 'Y', business: 'J' };

/** What boarding passes call a passenger. IATA Resolution 792. */
const PASSENGER_DESCRIPTIONS = { adult: '0', child: '3', infant: '4' } as const;

/** The text in the barcode of a coupon's boarding pass: ticketed, not checked in yet. */
export function boardingPassCode(ticket: Ticket, coupon: Coupon): string {
  const flight = flightOf(ticket, coupon);
  const issued = localTime(ticket.issuedAt, INDIA_TIME_ZONE);
  return encodeBoardingPass({
    passengerName: ticketName(passengerNameOf(ticket, coupon)),
    recordLocator: ticket.pnr,
    source: flight.source.code,
    destination: flight.destination.code,
    carrier: flight.airline.code,
    flightNumber: bareFlightNumber(flight),
    dayOfYear: localTime(new Date(flight.departure_time), flight.source.time_zone).dayOfYear,
    compartment: COMPARTMENTS[coupon.cabin],
    seatNumber: coupon.seatNumber,
    checkInSequence: coupon.checkInSequence,
    passengerStatus: '0',
    document: {
      passengerDescription:
        PASSENGER_DESCRIPTIONS[passengerTypeOf(ticket.booking.passengers[coupon.passengerIndex]?.age)],
      checkInSource: ' ',
      issueSource: 'W',
      issueYear: issued.year,
      issueDayOfYear: issued.dayOfYear,
      issuer: flight.airline.code,
      ticketNumber: coupon.ticketNumber,
      marketingCarrier: flight.airline.code,
    },
  });
}
