import type { z } from 'zod';
import type { OpenDifference } from './difference.js';
import type { ReconciliationRun } from './reconciliation-run.js';
import type { Standing } from './reconciliation.service.js';
import type { reconciliationAnswer, runAnswer } from './reconciliation.schemas.js';

/** A run as operators see it. */
export const toRunView = (run: ReconciliationRun): z.input<typeof runAnswer> => ({
  run_id: run.runId,
  started_at: run.startedAt.toISOString(),
  ...(run.finishedAt !== null && { finished_at: run.finishedAt.toISOString() }),
  outcome: run.outcome ?? 'RUNNING',
  ...(run.error !== null && { error: run.error }),
  charges_read: run.chargesRead,
  refunds_read: run.refundsRead,
  payments_compared: run.paymentsCompared,
  differences_seen: run.differencesSeen,
});

const toDifferenceView = (
  difference: OpenDifference,
): z.input<typeof reconciliationAnswer>['differences'][number] => ({
  difference_id: difference.differenceId,
  kind: difference.kind,
  subject: difference.subject,
  ...(difference.paymentId !== null && { payment_id: difference.paymentId }),
  ...(difference.refundId !== null && { refund_id: difference.refundId }),
  detail: difference.detail,
  ...(difference.repair !== null && { repair: difference.repair }),
  repairs: difference.repairs,
  first_seen: difference.firstSeen.toISOString(),
  last_seen: difference.lastSeen.toISOString(),
});

/** How the books stand, as operators see it. */
export const toReconciliationView = ({
  lastRun,
  lastCompleteAt,
  open,
  differences,
}: Standing): z.input<typeof reconciliationAnswer> => ({
  ...(lastRun !== undefined && { last_run: toRunView(lastRun) }),
  ...(lastCompleteAt !== undefined && { last_complete_at: lastCompleteAt.toISOString() }),
  open,
  differences: differences.items.map(toDifferenceView),
  next_cursor: differences.nextCursor,
});
