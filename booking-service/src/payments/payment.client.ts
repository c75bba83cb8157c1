import type { RefundRequest } from '@flight-booking/contracts';
import type { ServiceClient } from '@flight-booking/platform';
import { z } from 'zod';

/** Asks payment-service for money back. */
export class PaymentClient {
  constructor(private readonly client: ServiceClient) {}

  /** Gives back what a cancelled booking owes its customer. Safe to repeat. */
  async refund(request: RefundRequest): Promise<void> {
    await this.client.call({
      method: 'POST',
      path: '/internal/refunds',
      body: request,
      answer: z.unknown(),
      idempotent: true,
    });
  }
}
