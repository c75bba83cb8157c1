import {
  bookingDetail,
  confirmBookingAnswer,
  paymentStateChangesAnswer,
  paymentStatesAnswer,
  problemSlug,
  type BookingDetail,
  type ConfirmBookingRequest,
  type PaymentStateChangesAnswer,
  type PaymentStatesAnswer,
} from '@flight-booking/contracts';
import { UpstreamProblem, type ServiceClient } from '@flight-booking/platform';
import { BookingNotFound } from './booking.errors.js';
import type { RefusalReason } from '../payments/payment.js';

/** Why booking-service does not take a payment. */
export interface BookingRefusal {
  readonly accepted: false;
  readonly bookingStatus: string;
  readonly reason: RefusalReason;
}

/** What booking-service says to a payment. */
export type BookingVerdict = { readonly accepted: true; readonly bookingStatus: string } | BookingRefusal;

/** What booking-service knows of a payment. */
export type PaymentState = PaymentStatesAnswer['payments'][number];

/** A request waits for this; the durable job that stands behind it has more time. */
const CONFIRM_TIMEOUT_MS = 3_000;
/** What booking-service says of a payment that the booking can never use. */
const FINAL_REFUSALS: readonly string[] = [
  problemSlug.bookingNotFound,
  problemSlug.amountMismatch,
  problemSlug.paymentOfAnotherBooking,
];

/** Asks booking-service. */
export class BookingClient {
  constructor(private readonly client: ServiceClient) {}

  /** @throws BookingNotFound */
  async get(bookingId: number): Promise<BookingDetail> {
    try {
      return await this.client.call({
        method: 'GET',
        path: `/internal/bookings/${bookingId}`,
        answer: bookingDetail,
      });
    } catch (error) {
      if (error instanceof UpstreamProblem && error.slug === problemSlug.bookingNotFound) {
        throw new BookingNotFound(bookingId, { cause: error });
      }
      throw error;
    }
  }

  /** Reports money that came in. Safe to repeat. @throws UpstreamProblem | UpstreamUnavailable | UpstreamTimeout */
  async confirm(bookingId: number, paymentId: number, amountPaise: number): Promise<BookingVerdict> {
    const body: ConfirmBookingRequest = { payment_id: paymentId, amount_paise: amountPaise };
    try {
      const answer = await this.client.call({
        method: 'POST',
        path: `/internal/bookings/${bookingId}/confirm`,
        body,
        answer: confirmBookingAnswer,
        idempotent: true,
        timeoutMs: CONFIRM_TIMEOUT_MS,
      });
      const { booking_status: bookingStatus } = answer;
      return answer.accepted
        ? { accepted: true, bookingStatus }
        : { accepted: false, bookingStatus, reason: answer.reason };
    } catch (error) {
      return verdictOf(error);
    }
  }

  /**
   * What booking-service knows of payments, by payment; those that it never heard of are absent.
   * @param paymentIds at most 500
   * @throws UpstreamProblem | UpstreamUnavailable | UpstreamTimeout
   */
  async paymentStates(paymentIds: readonly number[]): Promise<ReadonlyMap<number, PaymentState>> {
    if (paymentIds.length === 0) return new Map();
    const { payments } = await this.client.call({
      method: 'POST',
      path: '/internal/bookings/payment-states',
      body: { payment_ids: paymentIds },
      answer: paymentStatesAnswer,
      idempotent: true,
    });
    return new Map(payments.map((state) => [state.payment_id, state]));
  }

  /**
   * What changed of payments at booking-service after a position, in the order of the changes.
   * @throws UpstreamProblem | UpstreamUnavailable | UpstreamTimeout
   */
  async paymentStateChanges(after: string | undefined): Promise<PaymentStateChangesAnswer> {
    return this.client.call({
      method: 'GET',
      path: `/internal/payment-states${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`,
      answer: paymentStateChangesAnswer,
    });
  }
}

/**
 * A booking that does not exist or does not cost this will never take the money, so it goes back. Any other
 * refusal says nothing of the booking (a token that is out of date, for one) and is a question to ask again.
 */
function verdictOf(error: unknown): BookingVerdict {
  if (!(error instanceof UpstreamProblem && FINAL_REFUSALS.includes(error.slug))) throw error;
  return { accepted: false, bookingStatus: 'PENDING', reason: 'not_payable' };
}
