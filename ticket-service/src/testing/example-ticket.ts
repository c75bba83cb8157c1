import type { BookingDetail } from '@flight-booking/contracts';
import { drawUpInvoice, type Invoice, type Supplier } from '../invoices/invoice.js';
import { FIRST_TICKET_SERIAL } from '../tickets/ticket-number.js';
import { planCoupons, type Ticket } from '../tickets/ticket.js';
import { exampleBooking } from './example-booking.js';

/** A supplier in Delhi. */
export const exampleSupplier: Supplier = {
  name: 'Flight Booking Private Limited',
  address: '12 Runway Road, Aerocity, New Delhi 110037',
  gstin: '07ZZZCZ0000Z1Z3',
};

const ISSUED_AT = new Date('2027-01-10T05:05:00Z');

/** The ticket of {@link exampleBooking} as it would have been issued. */
export function exampleTicket(overrides: Partial<BookingDetail> = {}): Ticket {
  const booking = exampleBooking(overrides);
  return {
    ticketId: 1,
    bookingId: booking.booking_id,
    userId: booking.user_id,
    pnr: booking.pnr,
    issuedAt: ISSUED_AT,
    cancelledAt: null,
    invoiceId: 1,
    issuer: exampleSupplier.name,
    booking,
    coupons: planCoupons(booking).map((coupon) => ({
      ...coupon,
      ticketNumber: `098${FIRST_TICKET_SERIAL + coupon.passengerIndex}`,
      status: 'OPEN',
    })),
  };
}

/** The invoice of {@link exampleBooking} as it would have been issued. */
export function exampleInvoice(overrides: Partial<BookingDetail> = {}): Invoice {
  const booking = exampleBooking(overrides);
  return {
    invoiceId: 1,
    invoiceNumber: 'FB/26-27/0000123',
    ticketId: 1,
    bookingId: booking.booking_id,
    userId: booking.user_id,
    issuedAt: ISSUED_AT,
    content: drawUpInvoice(booking, exampleSupplier),
    creditNotes: {},
  };
}
