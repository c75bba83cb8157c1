import { cursorOf, id, idText, nextCursor, pageLimit } from '@flight-booking/contracts';
import { z } from 'zod';
import { DIFFERENCE_KINDS } from './difference.js';
import { RUN_OUTCOMES } from './reconciliation-run.js';

const instantText = z.string().meta({ format: 'date-time' });
const count = z.int().min(0);
const kind = z.enum(DIFFERENCE_KINDS);

/** One comparison of the provider's books, ours and the bookings. */
export const runAnswer = z.strictObject({
  run_id: id,
  started_at: instantText,
  finished_at: instantText.optional(),
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
  first_seen: instantText,
  last_seen: instantText,
});

const MAX_PAGE = 100;

/** `GET /api/payments/reconciliation`. */
export const reconciliationQuery = z.strictObject({
  limit: pageLimit(MAX_PAGE, MAX_PAGE),
  cursor: cursorOf(idText).optional(),
});

/** How the books stand. */
export const reconciliationAnswer = z.strictObject({
  last_run: runAnswer.optional(),
  last_complete_at: instantText.optional(),
  open: z.array(z.strictObject({ kind, count })),
  differences: z.array(differenceAnswer),
  next_cursor: nextCursor,
});
