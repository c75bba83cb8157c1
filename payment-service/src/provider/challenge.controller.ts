import { binary, defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import { ChallengeNotFound } from './challenge.errors.js';
import { challengePage } from './challenge.page.js';
import type { MockCharges } from './mock-charges.js';
import { CHALLENGE_PATH } from './mock-payment-provider.js';

const params = z.strictObject({ token: z.string().regex(/^[\w-]{1,100}$/) });
const HTML = 'text/html';
const HEADERS = {
  'content-type': `${HTML}; charset=utf-8`,
  'cache-control': 'no-store',
  // The address is the customer's secret; no other site may learn it.
  'referrer-policy': 'no-referrer',
  // Helmet's own policy would have browsers send the forms by https, which a stack on one machine does not speak.
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
};

/** The pages on which the mock provider has customers approve charges. They are the provider's, not ours. */
export class ChallengeController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: `${CHALLENGE_PATH}/:token`,
      operation: 'showPaymentChallenge',
      summary: 'The page on which a customer approves a payment',
      tag: 'Mock payment provider',
      auth: 'public',
      input: { params },
      output: { 200: binary(HTML) },
      problems: [ChallengeNotFound],
      handler: async ({ params: { token } }) => reply(200, await this.page(token), HEADERS),
    }),
    this.decision('approve', 'approvePaymentChallenge', 'Approve a payment', true),
    this.decision('deny', 'denyPaymentChallenge', 'Deny a payment', false),
  ];

  constructor(private readonly charges: MockCharges) {}

  private decision(verb: string, operation: string, summary: string, approved: boolean): Route {
    return defineRoute({
      method: 'POST',
      path: `${CHALLENGE_PATH}/:token/${verb}`,
      operation,
      summary,
      description: 'The first decision counts; after that, and when it is too late, it changes nothing.',
      tag: 'Mock payment provider',
      auth: 'public',
      input: { params },
      output: { 200: binary(HTML) },
      problems: [ChallengeNotFound],
      // What a browser sends for a form without fields.
      contentTypes: ['application/x-www-form-urlencoded', 'application/json'],
      handler: async ({ params: { token } }) => {
        await this.charges.decide(token, approved);
        return reply(200, await this.page(token), HEADERS);
      },
    });
  }

  private async page(token: string): Promise<Buffer> {
    const charge = await this.charges.findByChallenge(token);
    if (charge === undefined) throw new ChallengeNotFound();
    return challengePage(charge, `${CHALLENGE_PATH}/${token}`);
  }
}
