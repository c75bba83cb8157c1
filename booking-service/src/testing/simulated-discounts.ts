import {
  problemSlug,
  redemption,
  type LapseRequest,
  type LateRedemptionRequest,
  type Redemption,
  type RedemptionRequest,
} from '@flight-booking/contracts';
import { StubService, type StubRequest, type StubResponse } from '@flight-booking/local-stack/testing';
import { refusal } from './refusal.js';

/** Discount-service as booking-service sees it: one code, FLY50, that takes half off. */
export class SimulatedDiscounts {
  readonly stub = new StubService();
  readonly redemptions = new Map<number, Redemption['status']>();
  /** The payment that took the use of a booking last, after it had expired. */
  private readonly heldFor = new Map<number, number>();
  /** Whether a redemption that lapsed can take its use again. */
  usesAreLeft = true;
  /** Awaited before and after a redemption lapses. */
  beforeLapse: () => Promise<void> = async () => {};
  afterLapse: () => Promise<void> = async () => {};

  get url(): string {
    return this.stub.url;
  }

  async start(): Promise<void> {
    await this.stub.start();
    this.stub
      .on('PUT', '/internal/redemptions/:id', (request) => this.redeem(request))
      .on('PUT', '/internal/redemptions/:id/confirmed', (request) => this.confirm(request))
      .on('PUT', '/internal/redemptions/:id/held', (request) => this.hold(request))
      .on('PUT', '/internal/redemptions/:id/lapsed', (request) => this.lapse(request))
      .on('DELETE', '/internal/redemptions/:id', (request) => this.move(request, 'RELEASED'));
  }

  stop(): Promise<void> {
    return this.stub.stop();
  }

  private redeem(request: StubRequest): StubResponse {
    const { code, eligible_paise: eligiblePaise } = request.body as RedemptionRequest;
    if (code !== 'FLY50') return refusal(422, problemSlug.discountNotApplicable, { code, reason: 'unknown' });
    if (this.statusOf(request) === 'RELEASED') return refusal(409, problemSlug.redemptionReleased);
    return this.move(request, 'HELD', Math.floor(eligiblePaise / 2));
  }

  private confirm(request: StubRequest): StubResponse {
    const status = this.statusOf(request);
    if (status === 'RELEASED') return refusal(409, problemSlug.redemptionReleased);
    if (status === 'LAPSED' && !this.usesAreLeft)
      return refusal(422, problemSlug.discountNotApplicable, { code: 'FLY50', reason: 'used_up' });
    return this.move(request, 'REDEEMED');
  }

  private hold(request: StubRequest): StubResponse {
    const status = this.statusOf(request);
    if (status === 'RELEASED') return refusal(409, problemSlug.redemptionReleased);
    if (status === 'LAPSED' && !this.usesAreLeft)
      return refusal(422, problemSlug.discountNotApplicable, { code: 'FLY50', reason: 'used_up' });
    const { payment_id: paymentId } = request.body as LateRedemptionRequest;
    this.heldFor.set(Number(request.params['id']), paymentId);
    return this.move(request, status === 'REDEEMED' ? status : 'HELD');
  }

  private async lapse(request: StubRequest): Promise<StubResponse> {
    await this.beforeLapse();
    const { refused_payments: refused } = request.body as LapseRequest;
    const status = this.statusOf(request);
    const heldFor = this.heldFor.get(Number(request.params['id']));
    const isOver = status === 'HELD' && (heldFor === undefined || refused.includes(heldFor));
    const answer = this.move(request, isOver || status === undefined ? 'LAPSED' : status);
    await this.afterLapse();
    return answer;
  }

  private statusOf({ params }: StubRequest): Redemption['status'] | undefined {
    return this.redemptions.get(Number(params['id']));
  }

  private move({ params }: StubRequest, status: Redemption['status'], paise = 0): StubResponse {
    const bookingId = Number(params['id']);
    this.redemptions.set(bookingId, status);
    return {
      body: redemption.parse({ booking_id: bookingId, code: 'FLY50', discount_paise: paise, status }),
    };
  }
}
