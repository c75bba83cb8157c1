import { instant, paise } from '@flight-booking/contracts';
import { z } from 'zod';

/** What a provider tells by webhook. */
const providerEventType = z.enum([
  'payment.captured',
  'payment.failed',
  'refund.created',
  'refund.succeeded',
  'refund.failed',
]);
/** See {@link providerEventType}. */
export type ProviderEventType = z.infer<typeof providerEventType>;

const reference = z.string().regex(/^[\x21-\x7e]{1,100}$/);

/** The body of a webhook. A provider may add members at any time, so unknown ones are let pass. */
export const providerEvent = z.object({
  event_id: reference,
  type: providerEventType,
  created_at: instant,
  charge_id: reference,
  refund_id: reference.optional(),
  /** The key under which we asked for the charge or the refund. */
  idempotency_key: reference,
  amount_paise: paise.min(0),
  currency: z.string().regex(/^[A-Z]{3}$/),
});
/** See {@link providerEvent}. */
export type ProviderEvent = z.output<typeof providerEvent>;
