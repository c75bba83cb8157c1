import { randomUUID } from 'node:crypto';
import type { Answer } from '@flight-booking/local-stack/testing';
import type { Payment } from '../payments/payment.js';
import type { ProviderEvent } from '../provider/provider-event.js';
import { sign } from '../provider/webhook-signature.js';
import { WEBHOOK_SECRET, type PaymentServiceUnderTest } from './payment-service-under-test.js';

/** How a webhook differs from a good one. */
export interface Forgery {
  readonly secret?: string;
  readonly at?: Date;
  /** The header itself; null sends none. */
  readonly signature?: string | null;
  /** What is sent instead of what was signed. */
  readonly sent?: string;
}

/** An event about the charge of a payment, as the provider would tell it. */
export const eventAbout = (payment: Payment, event: Partial<ProviderEvent> = {}): ProviderEvent => ({
  event_id: `evt_${randomUUID()}`,
  type: 'payment.captured',
  created_at: new Date().toISOString(),
  charge_id: payment.chargeId ?? 'ch_test',
  idempotency_key: payment.idempotencyKey,
  amount_paise: payment.amountPaise,
  currency: 'INR',
  ...event,
});

/** Sends an event as the provider does, or as somebody does who would like to be it. */
export async function sendWebhook(
  service: PaymentServiceUnderTest,
  event: ProviderEvent | string,
  { secret = WEBHOOK_SECRET, at = new Date(), signature, sent }: Forgery = {},
): Promise<Pick<Answer, 'status' | 'body'>> {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const header = signature === undefined ? sign(Buffer.from(body), secret, at) : signature;
  const response = await fetch(`${service.url}/api/payments/webhook`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(header !== null && { 'payment-signature': header }),
    },
    body: sent ?? body,
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}
