import { id } from '@flight-booking/contracts';
import { z } from 'zod';
import { ticketCheckDigit } from './ticket-number.js';
import {
  COUPON_STATUSES,
  boardingPassCode,
  flightOf,
  passengerNameOf,
  ticketNumbersOf,
  type Coupon,
  type Ticket,
} from './ticket.js';

/** `POST /api/tickets/generate`. */
export const generateTicketRequest = z.strictObject({ booking_id: id });

/** What was issued for a booking, and where its documents are. */
export const issuedTicket = z.strictObject({
  ticket_id: id,
  booking_id: id,
  pnr: z.string(),
  ticket_numbers: z
    .array(z.string())
    .meta({ description: 'Thirteen digits for each passenger, in their order' }),
  pdf_url: z.string(),
  invoice_id: id,
  invoice_url: z.string(),
});

const coupon = z.strictObject({
  ticket_number: z.string(),
  check_digit: z.int().meta({ description: 'Form and serial modulo 7; no part of the number' }),
  coupon_number: z.int(),
  passenger_name: z.string(),
  flight_id: id,
  flight_number: z.string(),
  source: z.string(),
  destination: z.string(),
  departure_time: z.string(),
  seat_number: z.string(),
  cabin: z.enum(['economy', 'business']),
  check_in_sequence: z.int(),
  status: z.enum(COUPON_STATUSES),
  bcbp: z.string().meta({ description: 'Text of the boarding-pass barcode, IATA Resolution 792' }),
});

/** `GET /api/tickets/:id`. */
export const ticketAnswer = z.strictObject({
  ...issuedTicket.shape,
  issued_at: z.iso.datetime(),
  coupons: z.array(coupon),
});

/** A ticket as `POST /api/tickets/generate` answers it. */
export const toIssuedTicket = (ticket: Ticket): z.input<typeof issuedTicket> => ({
  ticket_id: ticket.ticketId,
  booking_id: ticket.bookingId,
  pnr: ticket.pnr,
  ticket_numbers: ticketNumbersOf(ticket),
  pdf_url: `/api/tickets/${ticket.ticketId}.pdf`,
  invoice_id: ticket.invoiceId,
  invoice_url: `/api/invoices/${ticket.invoiceId}.pdf`,
});

const toCoupon = (ticket: Ticket, of: Coupon): z.input<typeof coupon> => {
  const flight = flightOf(ticket, of);
  return {
    ticket_number: of.ticketNumber,
    check_digit: ticketCheckDigit(of.ticketNumber),
    coupon_number: of.couponNumber,
    passenger_name: passengerNameOf(ticket, of),
    flight_id: of.flightId,
    flight_number: flight.flight_number,
    source: flight.source.code,
    destination: flight.destination.code,
    departure_time: flight.departure_time,
    seat_number: of.seatNumber,
    cabin: of.cabin,
    check_in_sequence: of.checkInSequence,
    status: of.status,
    bcbp: boardingPassCode(ticket, of),
  };
};

/** A ticket as `GET /api/tickets/:id` answers it. */
export const toTicketAnswer = (ticket: Ticket): z.input<typeof ticketAnswer> => ({
  ...toIssuedTicket(ticket),
  issued_at: ticket.issuedAt.toISOString(),
  coupons: ticket.coupons.map((of) => toCoupon(ticket, of)),
});
