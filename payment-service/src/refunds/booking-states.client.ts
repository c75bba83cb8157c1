import { paymentStatesAnswer, type PaymentStatesAnswer } from '@flight-booking/contracts';
import type { ServiceClient } from '@flight-booking/platform';

/** What booking-service knows of a payment. */
export type BookingState = PaymentStatesAnswer['payments'][number];

/** Asks booking-service what it knows of payments. */
export class BookingStatesClient {
  constructor(private readonly client: ServiceClient) {}

  /**
   * By payment; those that booking-service never heard of are absent.
   * @param paymentIds at most 500
   * @throws UpstreamProblem | UpstreamUnavailable | UpstreamTimeout
   */
  async get(paymentIds: readonly number[]): Promise<ReadonlyMap<number, BookingState>> {
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
}
