import {
  CURRENCY,
  paiseToMoney,
  paiseToRupees,
  type BookingDetail,
  type ConfirmBookingAnswer,
  type FlightDetail,
  type FlightStop,
} from '@flight-booking/contracts';
import { cancelledBy, keptPaiseOf, type OfferedBooking, type ReturnedFee } from './booking.js';
import type { BookingView } from './booking.schemas.js';
import type { PaymentDecision } from './confirm-booking.service.js';

/** A booking as its customer sees it. */
export function toBookingView(booking: OfferedBooking): BookingView {
  const { shownStatus: status, refundPaise, stuck } = booking;
  if (status === 'CREATED') throw new Error(`Booking ${booking.bookingId} has a price and no seats.`);
  return {
    ...commonOf(booking),
    status,
    flights: booking.flights.map(flightViewOf),
    price_lines: booking.priceLines.map(({ amount_paise: amountPaise, ...line }) => ({
      ...line,
      amount: paiseToRupees(amountPaise),
    })),
    amount_due: paiseToRupees(booking.amountDuePaise),
    currency: CURRENCY,
    ...(stuck !== null && { stuck: { since: new Date(stuck.since).toISOString(), reason: stuck.reason } }),
    ...(refundPaise !== null && { cancellation: cancellationOf(booking, refundPaise) }),
  };
}

/** A booking as the other services see it. */
export const toBookingDetail = (booking: OfferedBooking): BookingDetail => ({
  ...commonOf(booking),
  status: booking.shownStatus,
  amount_due_paise: booking.amountDuePaise,
  flights: [...booking.flights],
  price_lines: [...booking.priceLines],
});

/** What became of a payment, as payment-service is told. */
export const toConfirmBookingAnswer = ({ verdict, bookingStatus }: PaymentDecision): ConfirmBookingAnswer =>
  verdict === 'accepted'
    ? { accepted: true, booking_status: bookingStatus }
    : { accepted: false, booking_status: bookingStatus, reason: verdict };

function commonOf(booking: OfferedBooking) {
  const { bookingId, userId, pnr, fareBrand, contact, createdAt, expiresAt, confirmedAt, discountCode } =
    booking;
  return {
    booking_id: bookingId,
    user_id: userId,
    pnr,
    created_at: createdAt.toISOString(),
    ...(['PENDING', 'EXPIRED'].includes(booking.shownStatus) && { expires_at: expiresAt.toISOString() }),
    ...(confirmedAt !== null && { confirmed_at: confirmedAt.toISOString() }),
    brand: fareBrand,
    contact,
    passengers: [...booking.passengers],
    seats: [...booking.seats],
    ...(discountCode !== null && { discount_code: discountCode }),
    ...(booking.paymentId !== null && { payment_id: booking.paymentId }),
    ...(booking.ticketId !== null && { ticket_id: booking.ticketId }),
  };
}

const flightViewOf = (flight: FlightDetail): BookingView['flights'][number] => ({
  flight_id: flight.flight_id,
  flight_number: flight.flight_number,
  airline: { code: flight.airline.code, name: flight.airline.name },
  source: stopViewOf(flight.source),
  destination: stopViewOf(flight.destination),
  departure_time: flight.departure_time,
  arrival_time: flight.arrival_time,
  duration_minutes: flight.duration_minutes,
});

const stopViewOf = ({ code, city, terminal }: FlightStop) => ({
  code,
  city,
  ...(terminal !== undefined && { terminal }),
});

const returnedFeeOf = ({ amountPaise, reason, returnedAt }: ReturnedFee) => ({
  ...paiseToMoney(amountPaise),
  reason,
  returned_at: new Date(returnedAt).toISOString(),
});

const cancellationOf = (
  booking: OfferedBooking,
  refundPaise: number,
): NonNullable<BookingView['cancellation']> => ({
  cancelled_at: booking.changedAt.toISOString(),
  cancelled_by: cancelledBy(booking.cause),
  ...(booking.causeDetail !== null && { reason: booking.causeDetail }),
  refund: paiseToMoney(refundPaise),
  kept: paiseToMoney(keptPaiseOf(booking)),
  ...(booking.returnedFee !== null && { returned_fee: returnedFeeOf(booking.returnedFee) }),
  ...(booking.cancellationQuoteId !== null && { quote_id: booking.cancellationQuoteId }),
});
