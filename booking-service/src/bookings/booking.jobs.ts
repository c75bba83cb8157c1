import { id } from '@flight-booking/contracts';
import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

const aboutBooking = z.strictObject({ booking_id: id });

/** Ends a booking whose time is over: one that was never finished, and one that nobody paid. */
export const meetDeadline = defineJob('meet-deadline', aboutBooking);

/** What a booking's state makes due in another service, by the name of the job that does it. */
export type FollowUpName = 'release-seats' | 'settle-redemption' | 'refund-booking';

const defineFollowUp = (name: FollowUpName) => defineJob(name, aboutBooking);

/** Frees the seats of a booking that is cancelled. */
export const releaseSeats = defineFollowUp('release-seats');

/** Makes the use of a discount code final or gives it back, as the booking's state asks. */
export const settleRedemption = defineFollowUp('settle-redemption');

/** Gives back what a booking that is cancelled owes its customer. */
export const refundBooking = defineFollowUp('refund-booking');

/** Decides what becomes of a captured payment whose confirmation was begun and not finished. */
export const decidePayment = defineJob(
  'decide-payment',
  z.strictObject({ booking_id: id, payment_id: id, amount_paise: z.int() }),
);

/** Of the one job that decides a payment; it is taken back once the payment is decided. */
export const decidePaymentKey = (paymentId: number): string => `decide-payment:${paymentId}`;

/**
 * A booking has one deadline at a time: until it is offered, the moment at which it is taken back; from then on
 * the moment at which it expires. The second replaces the first because both have this key, which is made of the
 * record locator because that is known before the row exists. The move that ends the waiting takes the job back.
 */
export const deadlineKey = (pnr: string): string => `deadline:${pnr}`;
