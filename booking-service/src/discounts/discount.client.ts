import {
  problemSlug,
  redemption,
  type LapseRequest,
  type LateRedemptionRequest,
  type Redemption,
  type RedemptionRequest,
} from '@flight-booking/contracts';
import { UpstreamProblem, type ServiceClient } from '@flight-booking/platform';
import { DiscountNotApplicable, RedemptionReleased } from './discount.errors.js';

/** The refusals that say that a booking gets no use of its code any more. */
const NO_USE: readonly string[] = [problemSlug.discountNotApplicable, problemSlug.redemptionReleased];

/** Takes and gives back uses of discount codes at discount-service. Every call is safe to repeat. */
export class DiscountClient {
  constructor(private readonly client: ServiceClient) {}

  /**
   * Takes one use of a code for a booking. Returns what it takes off, in paise.
   * @throws DiscountNotApplicable | RedemptionReleased
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
      throw error instanceof UpstreamProblem ? refusalOf(error, bookingId, request.code) : error;
    }
  }

  /**
   * Makes a redemption final. Returns what it is then: one that lapsed is redeemed anew while the limits of its
   * code leave a use, and stays lapsed otherwise.
   */
  async confirm(bookingId: number): Promise<Redemption['status']> {
    try {
      return await this.settle('PUT', `/internal/redemptions/${bookingId}/confirmed`);
    } catch (error) {
      if (error instanceof UpstreamProblem && error.slug === problemSlug.discountNotApplicable)
        return 'LAPSED';
      throw error;
    }
  }

  /**
   * Takes the use of an expired booking anew for a payment. Returns whether the booking has it; a payment that is told
   * once that it has not is told so for ever.
   */
  async holdFor(bookingId: number, paymentId: number): Promise<boolean> {
    try {
      const body: LateRedemptionRequest = { payment_id: paymentId };
      await this.settle('PUT', `/internal/redemptions/${bookingId}/held`, body);
      return true;
    } catch (error) {
      if (error instanceof UpstreamProblem && NO_USE.includes(error.slug)) return false;
      throw error;
    }
  }

  /**
   * Gives the use of a code back until another payment takes it. What a payment that is not among the refused ones
   * has taken stays taken. Returns what the redemption is then.
   */
  lapse(bookingId: number, refusedPayments: readonly number[]): Promise<Redemption['status']> {
    const body: LapseRequest = { refused_payments: [...refusedPayments] };
    return this.settle('PUT', `/internal/redemptions/${bookingId}/lapsed`, body);
  }

  /** Gives the use of a code back for good, taken or about to be. Returns what the redemption is then. */
  release(bookingId: number): Promise<Redemption['status']> {
    return this.settle('DELETE', `/internal/redemptions/${bookingId}`);
  }

  private async settle(
    method: 'PUT' | 'DELETE',
    path: string,
    body?: LateRedemptionRequest | LapseRequest,
  ): Promise<Redemption['status']> {
    const { status } = await this.client.call({ method, path, answer: redemption, ...(body && { body }) });
    return status;
  }
}

function refusalOf(problem: UpstreamProblem, bookingId: number, code: string): Error {
  const options = { cause: problem };
  if (problem.slug === problemSlug.redemptionReleased) return new RedemptionReleased(bookingId, options);
  const {
    slug,
    problem: { detail, title, ['reason']: reason },
  } = problem;
  return slug === problemSlug.discountNotApplicable && typeof reason === 'string'
    ? new DiscountNotApplicable(code, detail ?? title, reason, options)
    : problem;
}
