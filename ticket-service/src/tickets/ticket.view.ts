import type { z } from 'zod';
import { ticketCheckDigit } from './ticket-number.js';
import {
  boardingPassCode,
  flightOf,
  passengerNameOf,
  ticketNumbersOf,
  type Coupon,
  type Ticket,
} from './ticket.js';
import type { couponAnswer, issuedTicket, ticketAnswer } from './ticket.schemas.js';

/** A ticket as `POST /api/tickets/generate` answers it. */
export const toIssuedTicketView = (ticket: Ticket): z.input<typeof issuedTicket> => ({
  ticket_id: ticket.ticketId,
  booking_id: ticket.bookingId,
  pnr: ticket.pnr,
  ticket_numbers: ticketNumbersOf(ticket),
  pdf_url: `/api/tickets/${ticket.ticketId}.pdf`,
  invoice_id: ticket.invoiceId,
  invoice_url: `/api/invoices/${ticket.invoiceId}.pdf`,
});

const toCouponView = (ticket: Ticket, of: Coupon): z.input<typeof couponAnswer> => {
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
    ...(of.status === 'OPEN' && { bcbp: boardingPassCode(ticket, of) }),
  };
};

/** A ticket as `GET /api/tickets/:id` answers it. */
export const toTicketView = (ticket: Ticket): z.input<typeof ticketAnswer> => ({
  ...toIssuedTicketView(ticket),
  issued_at: ticket.issuedAt.toISOString(),
  ...(ticket.cancelledAt !== null && { cancelled_at: ticket.cancelledAt.toISOString() }),
  coupons: ticket.coupons.map((of) => toCouponView(ticket, of)),
});
