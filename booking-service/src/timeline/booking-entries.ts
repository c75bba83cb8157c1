import { formatPaise, type TimelineEntry } from '@flight-booking/contracts';
import type { Cause, OfferedBooking } from '../bookings/booking.js';
import { RETURN_IN_WORDS } from '../bookings/booking-words.js';
import type { BookingFact } from './booking-fact.repository.js';

type FactOf<Kind extends BookingFact['kind']> = Extract<BookingFact, { readonly kind: Kind }>['about'];
type Told = Omit<TimelineEntry, 'at'>;

const OWN = 'booking-service';

/** A fact in the words of the timeline. */
export const entryOf = (fact: BookingFact, booking: OfferedBooking): TimelineEntry => ({
  at: fact.at.toISOString(),
  ...told(fact, booking),
});

function told(fact: BookingFact, booking: OfferedBooking): Told {
  switch (fact.kind) {
    case 'state':
      return stateTold(fact.about, booking);
    case 'payment_reported':
      return {
        event: 'payment.reported',
        detail: `Payment ${fact.about.payment_id} of ${formatPaise(fact.about.amount_paise)} is captured.`,
        cause: 'payment-service',
      };
    case 'payment_decided':
      return verdictTold(fact.about);
    case 'followed_up':
      return followUpTold(fact.about, booking);
    case 'quoted':
      return quoteTold(fact.about);
    case 'fee_returned':
      return {
        event: 'fee.returned',
        detail: `${formatPaise(fact.about.amount_paise)} that the cancellation had kept come back.`,
        cause: `operator: ${fact.about.reason}`,
      };
    case 'stuck':
      return {
        event: 'work.stuck',
        detail: `The work ${fact.about.job} was given up after ${fact.about.attempts} attempts.`,
        cause: `${OWN}: ${fact.about.reason}`,
      };
    case 'unstuck':
      return {
        event: 'work.resolved',
        detail: `The work ${fact.about.job} does not wait for anybody any more.`,
        cause: `operator: ${fact.about.resolution}`,
      };
  }
}

/** Who or what moves bookings. */
const CAUSE_IN_WORDS: Readonly<Record<Cause, string>> = {
  created: 'customer',
  offered: `${OWN}: seats and price are there`,
  refused: `${OWN}: it could not be made`,
  abandoned: `${OWN}: making it took too long`,
  paid: 'payment-service',
  unpaid: `${OWN}: nobody paid in time`,
  seats_lost: 'seat-service: its seats were gone when its payment came',
  ticketed: 'ticket-service',
  customer: 'customer',
  flight_cancelled: 'airline',
  operator: 'operator',
};

/** Causes whose detail is a reason that somebody gave. */
const HAVE_REASONS: readonly Cause[] = ['customer', 'flight_cancelled', 'operator', 'refused'];

function stateTold({ to, cause, detail }: FactOf<'state'>, booking: OfferedBooking): Told {
  const reason = detail !== null && HAVE_REASONS.includes(cause) ? `: ${detail}` : '';
  return { ...eventOf(to, booking), cause: `${CAUSE_IN_WORDS[cause]}${reason}` };
}

function eventOf(to: FactOf<'state'>['to'], booking: OfferedBooking): Omit<Told, 'cause'> {
  switch (to) {
    case 'CREATED':
      return {
        event: 'booking.created',
        detail: `Booking ${booking.pnr} of ${seatsInWords(booking)} was begun.`,
      };
    case 'PENDING':
      return { event: 'booking.priced', detail: priceInWords(booking) };
    case 'CONFIRMED':
      return { event: 'booking.confirmed', detail: `Payment ${booking.paymentId} paid for the booking.` };
    case 'TICKETED':
      return { event: 'booking.ticketed', detail: `Ticket ${booking.ticketId} was issued.` };
    case 'EXPIRED':
      return { event: 'booking.expired', detail: 'The booking ended unpaid.' };
    case 'CANCELLED':
      return { event: 'booking.cancelled', detail: refundInWords(booking) };
  }
}

const seatsInWords = ({ seatCount, flights }: OfferedBooking): string =>
  `${seatCount} ${seatCount === 1 ? 'seat' : 'seats'} on ${flights.map((flight) => flight.flight_number).join(', ')}`;

/** Such as `₹5,918.00 are due until …: Base fare ₹4,500.00, GST ₹250.00. Seats 12A, 12B.` */
function priceInWords({ priceLines, amountDuePaise, seats, expiresAt }: OfferedBooking): string {
  const sums = new Map<string, number>();
  for (const { description, amount_paise: paise } of priceLines)
    sums.set(description, (sums.get(description) ?? 0) + paise);
  const parts = [...sums].map(([description, paise]) => `${description} ${formatPaise(paise)}`);
  const numbers = seats.map((seat) => seat.seat_number);
  return (
    `${formatPaise(amountDuePaise)} are due until ${expiresAt.toISOString()}: ${parts.join(', ')}. ` +
    `Seats ${numbers.join(', ')}.`
  );
}

const refundInWords = ({ refundPaise, amountDuePaise }: OfferedBooking): string =>
  refundPaise === null || refundPaise === 0
    ? 'The booking was cancelled; nothing comes back.'
    : `The booking was cancelled; ${formatPaise(refundPaise)} of ${formatPaise(amountDuePaise)} come back.`;

const verdictTold = ({
  payment_id: paymentId,
  verdict,
  amount_paise: paise,
}: FactOf<'payment_decided'>): Told =>
  verdict === 'accepted'
    ? {
        event: 'payment.accepted',
        detail: `Payment ${paymentId} confirms the booking.`,
        cause: `${OWN}: its seats are sold`,
      }
    : {
        event: 'payment.returned',
        detail: `Payment ${paymentId} of ${formatPaise(paise)} goes back.`,
        cause: `${OWN}: ${RETURN_IN_WORDS[verdict]}`,
      };

const quoteTold = (quote: FactOf<'quoted'>): Told => ({
  event: 'cancellation.quoted',
  detail:
    `Quote ${quote.quote_id}: of ${formatPaise(quote.paid_paise)}, ${formatPaise(quote.refund_paise)} would come ` +
    `back. ${quote.rule}`,
  cause: 'customer',
});

function followUpTold(
  { follow_up: followUp, redemption }: FactOf<'followed_up'>,
  booking: OfferedBooking,
): Told {
  const cause = `${OWN}: the booking is ${booking.status}`;
  switch (followUp) {
    case 'release-seats':
      return { event: 'seats.given_back', detail: 'seat-service was told that the seats are free.', cause };
    case 'settle-redemption':
      return {
        event: 'redemption.settled',
        detail: `The use of code ${booking.discountCode} is ${redemption ?? 'settled'}.`,
        cause,
      };
    case 'refund-booking':
      return {
        event: 'refund.requested',
        detail: `payment-service was told to give ${formatPaise((booking.refundPaise ?? 0) + (booking.returnedFee?.amountPaise ?? 0))} back.`,
        cause,
      };
  }
}
