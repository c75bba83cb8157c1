import type { Database, ServiceKit } from '@flight-booking/platform';
import type { PaymentRepository } from '../payments/payment.repository.js';
import type { RefundAttemptRepository } from '../refunds/refund-attempt.repository.js';
import type { RefundRepository } from '../refunds/refund.repository.js';
import { ProviderEventRepository } from './provider-event.repository.js';
import { WebhookController } from './webhook.controller.js';
import { WebhookService } from './webhook.service.js';

/** What webhooks can be about. */
interface Subjects {
  readonly payments: PaymentRepository;
  readonly refunds: { readonly rows: RefundRepository; readonly attempts: RefundAttemptRepository };
}

/** Wires the receiver of webhooks together. */
export function composeWebhooks(
  kit: ServiceKit,
  database: Database,
  { payments, refunds }: Subjects,
  secrets: readonly string[],
): WebhookController {
  const events = new ProviderEventRepository();
  const service = new WebhookService(database, events, payments, refunds, kit.jobs);
  return new WebhookController(service, secrets, kit.clock);
}
