import { instant } from '@flight-booking/contracts';
import { id, nextCursor, pageQuery } from '@flight-booking/platform';
import { z } from 'zod';
import { DIFFERENCE_KINDS } from './difference.js';
import { RUN_OUTCOMES } from './reconciliation-run.js';

const count = z.int().min(0);
const kind = z.enum(DIFFERENCE_KINDS);

/** One comparison of the provider's books, ours and the bookings. */
export const runAnswer = z.strictObject({
  run_id: id,
  started_at: instant,
  finished_at: instant.optional(),
  outcome: z.enum([...RUN_OUTCOMES, 'RUNNING']),
  error: z.string().optional(),
  charges_read: count,
  refunds_read: count,
  payments_compared: count,
  differences_seen: count,
});

const differenceAnswer = z.strictObject({
  difference_id: id,
  kind,
  subject: z.string(),
  payment_id: id.optional(),
  refund_id: id.optional(),
  detail: z.string(),
  repair: z.string().optional().meta({ description: 'What repairs it; absent when only an operator can' }),
  repairs: count,
  first_seen: instant,
  last_seen: instant,
});

const DEFAULT_PAGE = 100;

/** `GET /api/payments/reconciliation`. */
export const reconciliationQuery = pageQuery(DEFAULT_PAGE);

/** How the books stand. */
export const reconciliationAnswer = z.strictObject({
  last_run: runAnswer.optional(),
  last_complete_at: instant.optional(),
  open: z.array(z.strictObject({ kind, count })),
  differences: z.array(differenceAnswer),
  next_cursor: nextCursor,
});
