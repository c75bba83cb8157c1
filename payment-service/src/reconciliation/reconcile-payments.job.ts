import { handleJob, type JobHandler } from '@flight-booking/platform';
import { reconcilePayments } from './reconciliation.jobs.js';
import type { ReconciliationService } from './reconciliation.service.js';

const EVERY_MINUTE = '* * * * *';

/** Compares the books by itself. */
export const reconcilePaymentsHandler = (reconciliation: ReconciliationService): JobHandler =>
  handleJob(
    reconcilePayments,
    async () => {
      await reconciliation.run();
    },
    { cron: EVERY_MINUTE },
  );
