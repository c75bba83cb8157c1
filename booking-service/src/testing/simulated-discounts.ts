import type { RedemptionRequest } from '@flight-booking/contracts';
import { StubService, type StubRequest, type StubResponse } from '@flight-booking/local-stack/testing';
import { refusal } from './refusal.js';

/** Discount-service as booking-service sees it: one code, FLY50, that takes half off. */
export class SimulatedDiscounts {
  readonly stub = new StubService();
  readonly redemptions = new Map<number, 'HELD' | 'REDEEMED' | 'RELEASED'>();

  async start(): Promise<void> {
    await this.stub.start();
    this.stub
      .on('PUT', '/internal/redemptions/:id', (request) => this.redeem(request))
      .on('PUT', '/internal/redemptions/:id/confirmed', (request) => this.confirm(request))
      .on('DELETE', '/internal/redemptions/:id', (request) => this.move(request, 'RELEASED', 0));
  }

  private redeem(request: StubRequest): StubResponse {
    const { code, eligible_paise: eligiblePaise } = request.body as RedemptionRequest;
    if (code !== 'FLY50') return refusal(422, 'discount-not-applicable', { reason: 'unknown' });
    if (this.redemptions.get(Number(request.params['id'])) === 'RELEASED')
      return refusal(409, 'redemption-released');
    return this.move(request, 'HELD', Math.floor(eligiblePaise / 2));
  }

  private confirm(request: StubRequest): StubResponse {
    if (this.redemptions.get(Number(request.params['id'])) === 'RELEASED')
      return refusal(409, 'redemption-released');
    return this.move(request, 'REDEEMED', 0);
  }

  private move(
    { params }: StubRequest,
    status: 'HELD' | 'REDEEMED' | 'RELEASED',
    paise: number,
  ): StubResponse {
    const bookingId = Number(params['id']);
    this.redemptions.set(bookingId, status);
    return { body: { booking_id: bookingId, code: 'FLY50', discount_paise: paise, status } };
  }
}
