import type { Clock, Database, JobHandler, JobQueue, RouteSource } from '@flight-booking/platform';
import { ChallengeController } from './challenge.controller.js';
import { decideChargeHandler } from './decide-charge.job.js';
import { decideRefundHandler } from './decide-refund.job.js';
import { deliverEventHandler } from './deliver-event.job.js';
import { MockChargeRepository } from './mock-charge.repository.js';
import { MockCharges, type MockTiming } from './mock-charges.js';
import { MockPaymentProvider, type MockProviderOptions } from './mock-payment-provider.js';
import { MockRefundRepository } from './mock-refund.repository.js';
import { MockRefunds } from './mock-refunds.js';
import { ProviderOutbox } from './provider-outbox.js';
import { WebhookSender, type WebhookTarget } from './webhook-sender.js';

/** Wires the mock provider together, which takes the place that a real one has in the service's composition. */
export function composeMockProvider(
  database: Database,
  jobs: JobQueue,
  clock: Clock,
  options: MockTiming & MockProviderOptions,
) {
  const outbox = new ProviderOutbox();
  const tables = { charges: new MockChargeRepository(), refunds: new MockRefundRepository(), outbox };
  const charges = new MockCharges(database, tables, jobs, clock, options);
  const refunds = new MockRefunds(database, tables, jobs, clock, options);
  const provider = new MockPaymentProvider(database, tables, { charges, refunds }, clock, options);
  return { provider, charges, refunds, outbox };
}

/** What the mock provider does by itself, and where customers meet it. */
export function composeProviderSide(
  database: Database,
  clock: Clock,
  { charges, refunds, outbox }: ReturnType<typeof composeMockProvider>,
  target: WebhookTarget,
): { readonly pages: RouteSource; readonly handlers: readonly JobHandler[] } {
  const sender = new WebhookSender(database, outbox, clock, target);
  return {
    pages: new ChallengeController(charges),
    handlers: [decideChargeHandler(charges), decideRefundHandler(refunds), deliverEventHandler(sender)],
  };
}
