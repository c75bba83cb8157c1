import { defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { ReconciliationRunning } from './reconciliation.errors.js';
import { reconciliationAnswer, reconciliationQuery, runAnswer } from './reconciliation.schemas.js';
import type { ReconciliationService } from './reconciliation.service.js';
import { toReconciliationView, toRunView } from './reconciliation.view.js';

const tag = 'Operations';

/** Lets operators compare the books, and see how they differ. */
export class ReconciliationController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/api/payments/reconciliation',
      operation: 'reconcilePayments',
      summary: 'Compare the books of the provider, of payments and of bookings now',
      description:
        'This happens every minute by itself. What is repaired is seen to be so by the next comparison.',
      tag,
      auth: 'admin',
      input: {},
      output: { 200: runAnswer },
      problems: [ReconciliationRunning],
      handler: async () => {
        const run = await this.reconciliation.run();
        if (run === undefined) throw new ReconciliationRunning();
        return reply(200, toRunView(run));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/payments/reconciliation',
      operation: 'getReconciliation',
      summary: 'When the books were last compared, and every difference that is open',
      tag,
      auth: 'admin',
      input: { query: reconciliationQuery },
      output: { 200: reconciliationAnswer },
      handler: async ({ query: { limit, cursor } }) =>
        reply(200, toReconciliationView(await this.reconciliation.standing(limit, cursor))),
    }),
  ];

  constructor(private readonly reconciliation: ReconciliationService) {}
}
