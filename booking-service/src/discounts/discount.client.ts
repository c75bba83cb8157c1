import { redemption, type RedemptionRequest } from '@flight-booking/contracts';
import { UpstreamProblem, type ServiceClient } from '@flight-booking/platform';
import { z } from 'zod';
import { BookingInterrupted } from '../bookings/booking.errors.js';
import { DiscountNotApplicable } from './discount.errors.js';

/** Takes and gives back uses of discount codes at discount-service. Every call is safe to repeat. */
export class DiscountClient {
  constructor(private readonly client: ServiceClient) {}

  /**
   * Takes one use of a code for a booking. Returns what it takes off, in paise.
   * @throws DiscountNotApplicable | BookingInterrupted
   */
  async redeem(bookingId: number, request: RedemptionRequest): Promise<number> {
    try {
      const { discount_paise: discountPaise } = await this.client.call({
        method: 'PUT',
        path: `/internal/redemptions/${bookingId}`,
        body: request,
        answer: redemption,
      });
      return discountPaise;
    } catch (error) {
      throw error instanceof UpstreamProblem ? refusalOf(error, request.code) : error;
    }
  }

  /**
   * Makes a redemption final. One that is no longer held stays as it is: the use was given back when the booking
   * expired, and the customer who paid late has paid the price that was offered.
   */
  async confirm(bookingId: number): Promise<void> {
    try {
      await this.client.call({
        method: 'PUT',
        path: `/internal/redemptions/${bookingId}/confirmed`,
        answer: z.unknown(),
      });
    } catch (error) {
      if (!(error instanceof UpstreamProblem) || error.status !== 409) throw error;
    }
  }

  /** Gives the use of a code back, taken or about to be. */
  async release(bookingId: number): Promise<void> {
    await this.client.call({
      method: 'DELETE',
      path: `/internal/redemptions/${bookingId}`,
      answer: z.unknown(),
    });
  }
}

function refusalOf(problem: UpstreamProblem, code: string): Error {
  if (problem.slug === 'discount-not-applicable') {
    const { detail, title, ['reason']: reason } = problem.problem;
    const because = typeof reason === 'string' ? reason : 'unknown';
    return new DiscountNotApplicable(code, detail ?? title, because, { cause: problem });
  }
  // The use was given back before it was taken, which happens to bookings that were taken back alone.
  return problem.status === 409 ? new BookingInterrupted({ cause: problem }) : problem;
}
