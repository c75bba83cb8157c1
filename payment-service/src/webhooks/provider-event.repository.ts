import type { Queries } from '@flight-booking/platform';
import type { ProviderEvent } from '../provider/provider-event.js';

/** What a webhook is about and what comes of it. */
export interface Judgement {
  readonly paymentId: number | null;
  readonly refundId: number | null;
  readonly outcome: 'ASKED' | 'KNOWN' | 'MISMATCH' | 'UNKNOWN';
  /** Of what is odd: why. */
  readonly reason: string | null;
}

const RECORD = {
  name: 'record-provider-event',
  text: `insert into provider_events as event
      (event_id, type, charge_id, provider_refund_id, idempotency_key, amount_paise, currency, occurred_at,
       payment_id, refund_id, outcome, reason)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    on conflict (event_id) do update set deliveries = event.deliveries + 1, last_received_at = now()
    returning deliveries`,
};

/** The webhooks that came. */
export class ProviderEventRepository {
  /** Records an event. Whether it came for the first time: of any other time only the number is kept. */
  async record(queries: Queries, event: ProviderEvent, judgement: Judgement): Promise<boolean> {
    const { deliveries } = await queries.row<{ deliveries: number }>(RECORD, [
      event.event_id,
      event.type,
      event.charge_id,
      event.refund_id ?? null,
      event.idempotency_key,
      event.amount_paise,
      event.currency,
      event.created_at,
      judgement.paymentId,
      judgement.refundId,
      judgement.outcome,
      judgement.reason,
    ]);
    return deliveries === 1;
  }
}
