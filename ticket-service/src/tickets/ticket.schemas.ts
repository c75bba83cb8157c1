import { cabin, id } from '@flight-booking/contracts';
import { z } from 'zod';
import { COUPON_STATUSES } from './ticket.js';

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

/** The right of one passenger to fly one flight. */
export const couponAnswer = z.strictObject({
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
  cabin,
  check_in_sequence: z.int(),
  status: z.enum(COUPON_STATUSES),
  bcbp: z.string().optional().meta({
    description: 'Text of the boarding-pass barcode, IATA Resolution 792; an open coupon alone has one',
  }),
});

/** `GET /api/tickets/:id`. */
export const ticketAnswer = z.strictObject({
  ...issuedTicket.shape,
  issued_at: z.iso.datetime(),
  cancelled_at: z.iso.datetime().optional().meta({ description: 'When the booking was cancelled' }),
  coupons: z.array(couponAnswer),
});
