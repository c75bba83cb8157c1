import {
  formatPaise,
  type BookingEventData,
  type bookingCancelled,
  type bookingConfirmed,
  type bookingExpired,
  type bookingFeeReturned,
  type bookingPaymentReturned,
  type bookingTicketed,
} from '@flight-booking/contracts';

/** Events that a customer is written to about. */
export type BookingEventType =
  | typeof bookingConfirmed.type
  | typeof bookingTicketed.type
  | typeof bookingExpired.type
  | typeof bookingCancelled.type
  | typeof bookingFeeReturned.type
  | typeof bookingPaymentReturned.type;

/** What a message says, before it is plain text or HTML. */
export interface BookingMessage {
  readonly subject: string;
  readonly greeting: string;
  readonly lead: string;
  readonly journey: readonly string[];
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly closing: string;
}

/** What an event of a booking tells; only a cancellation keeps something. */
export type ToldData = BookingEventData & { readonly kept_paise?: number };

type Words = Pick<BookingMessage, 'subject' | 'lead' | 'facts' | 'closing'>;
type Writer = (pnr: string, amount: string, data: ToldData) => Words;

const QUESTIONS = 'If you did not expect this message, please contact us and quote your booking reference.';

const reasonOf = ({ reason }: BookingEventData): Words['facts'] =>
  reason === undefined ? [] : [['Reason', reason]];

const keptPaise = ({ kept_paise: kept = 0 }: ToldData): number => kept;

function refundInWords(amount: string, data: ToldData): string {
  const kept = formatPaise(keptPaise(data));
  if (data.amount_paise === 0)
    return keptPaise(data) === 0
      ? 'Nothing had been paid; a payment that still arrives is returned to you in full.'
      : `You get nothing back: ${kept}, all that you paid, is kept by the rules of your fare.`;
  return keptPaise(data) === 0
    ? `${amount} will be returned to the payment method that you used.`
    : `You get back ${amount}, to the payment method that you used; ${kept} is kept by the rules of your fare.`;
}

const WRITERS: Readonly<Record<BookingEventType, Writer>> = {
  'booking.confirmed': (pnr, amount) => ({
    subject: `Booking ${pnr} is confirmed`,
    lead: 'Thank you. Your payment has arrived and the seats are yours.',
    facts: [['Amount paid', amount]],
    closing:
      'Your e-ticket and your invoice are ready to be issued in your account. We wish you a pleasant flight.',
  }),
  'booking.ticketed': (pnr, amount) => ({
    subject: `Your e-ticket for booking ${pnr}`,
    lead: 'Your e-ticket has been issued. You can download it in your account, together with the invoice.',
    facts: [['Amount paid', amount]],
    closing:
      'Please bring the e-ticket and a photo identity document to the airport. We wish you a pleasant flight.',
  }),
  'booking.expired': (pnr, amount, data) => ({
    subject: `Booking ${pnr} has expired`,
    lead: 'We have not received a payment in time, so the seats have been released. A payment that still arrives is returned to you in full.',
    facts: [['Amount that was due', amount], ...reasonOf(data)],
    closing: 'You are welcome to search again: the same flights may still have seats.',
  }),
  'booking.cancelled': (pnr, amount, data) => ({
    subject: `Booking ${pnr} is cancelled`,
    lead: `Your booking has been cancelled. ${refundInWords(amount, data)}`,
    facts: [
      ...(data.amount_paise > 0 ? [['Refund', amount] as const] : []),
      ...(keptPaise(data) > 0 ? [['Kept', formatPaise(keptPaise(data))] as const] : []),
      ...reasonOf(data),
    ],
    closing: QUESTIONS,
  }),
  'booking.fee_returned': (pnr, amount, data) => ({
    subject: `The cancellation fee of booking ${pnr} is being returned`,
    lead: `When you cancelled your booking, ${amount} was kept by the rules of your fare. We give it back: it will be returned to the payment method that you used.`,
    facts: [['Amount returned', amount], ...reasonOf(data)],
    closing: QUESTIONS,
  }),
  'booking.payment_returned': (pnr, amount, data) => ({
    subject: `Your payment for booking ${pnr} is being returned`,
    lead: `We could not use a payment for your booking. ${amount}, all of it, will be returned to the payment method that you used.`,
    facts: [['Amount returned', amount], ...reasonOf(data)],
    closing: QUESTIONS,
  }),
};

/** The message about an event of a booking. */
export function bookingMessage(type: BookingEventType, data: ToldData): BookingMessage {
  const { facts, ...words } = WRITERS[type](data.pnr, formatPaise(data.amount_paise), data);
  return {
    ...words,
    greeting: `Dear ${data.contact.name},`,
    journey: data.journey,
    facts: [['Booking reference', data.pnr], ...facts],
  };
}
