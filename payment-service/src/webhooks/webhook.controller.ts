import {
  defineRoute,
  noContent,
  reply,
  type Clock,
  type Route,
  type RouteSource,
} from '@flight-booking/platform';
import { providerEvent } from '../provider/provider-event.js';
import { SIGNATURE_HEADER } from '../provider/webhook-signature.js';
import { verifySignature } from './signature.js';
import { InvalidSignature, StaleSignature } from './webhook.errors.js';
import type { WebhookService } from './webhook.service.js';

/** Where the payment provider tells what happened. */
export class WebhookController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/api/payments/webhook',
      operation: 'receivePaymentWebhook',
      summary: 'Receive an event of the payment provider',
      description: [
        'For the provider alone. `Payment-Signature: t=<unix seconds>,v1=<hex>` is the HMAC-SHA256 of',
        '`<t>.<body>` under a shared secret; there may be two `v1`. An event is a hint: it makes us ask the',
        'provider, so a repeated or a wrong one changes nothing. 204 means that it is recorded.',
      ].join(' '),
      tag: 'Payments',
      auth: 'public',
      input: { body: providerEvent },
      output: { 204: noContent },
      problems: [InvalidSignature, StaleSignature],
      verifyBody: (bytes, header) =>
        verifySignature(bytes, header(SIGNATURE_HEADER), this.secrets, this.clock.now()),
      handler: async ({ body }) => {
        await this.webhooks.receive(body);
        return reply(204, undefined);
      },
    }),
  ];

  /** @param secrets of which any one makes a signature good */
  constructor(
    private readonly webhooks: WebhookService,
    private readonly secrets: readonly string[],
    private readonly clock: Clock,
  ) {}
}
