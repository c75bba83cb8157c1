import type { Clock, Database } from '@flight-booking/platform';
import { sign, SIGNATURE_HEADER } from './webhook-signature.js';
import type { ProviderOutbox } from './provider-outbox.js';

/** Where the mock provider sends its webhooks, and how it proves that they are its own. */
export interface WebhookTarget {
  readonly url: () => string;
  readonly secret: string;
}

const TIMEOUT_MS = 5_000;

/** Tells of the mock provider's events by webhook. */
export class WebhookSender {
  constructor(
    private readonly database: Database,
    private readonly outbox: ProviderOutbox,
    private readonly clock: Clock,
    private readonly target: WebhookTarget,
  ) {}

  /** Sends an event. Whoever added the job tries again with growing pauses. @throws Error when it is not acknowledged */
  async deliver(eventId: string): Promise<void> {
    const body = Buffer.from(JSON.stringify(await this.outbox.get(this.database, eventId)));
    const response = await fetch(this.target.url(), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [SIGNATURE_HEADER]: sign(body, this.target.secret, this.clock.now()),
      },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The webhook ${eventId} was answered with ${response.status}.`);
    await this.outbox.noteDelivery(this.database, eventId);
  }
}
