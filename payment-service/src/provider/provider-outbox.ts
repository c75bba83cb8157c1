import { addJobSql, addJobValues, type Queries } from '@flight-booking/platform';
import type { StoredCharge } from './mock-charge.js';
import type { StoredRefund } from './mock-refund.repository.js';
import type { ProviderEvent, ProviderEventType } from './provider-event.js';
import { deliverEvent } from './provider.jobs.js';
import type { TestBehaviour } from './test-methods.js';

/** A webhook is slower than an answer, as a rule. */
const USUAL_MS = 250;
/** How long after the rest an event is told that comes out of order. */
const LATE_MS = 1_000;

interface NewEvent {
  readonly type: ProviderEventType;
  readonly chargeId: string;
  readonly refundId: string | null;
  readonly idempotencyKey: string;
  readonly amountPaise: number;
}

/** The event and each of its deliveries. */
const ADD_EVENT = {
  name: 'mock-provider-add-event',
  text: `
    with event as (
      insert into mock_provider.events (type, charge_id, refund_id, idempotency_key, amount_paise)
      values ($1, $2, $3, $4, $5) returning event_id
    )
    select ${addJobSql(`json_build_object('event_id', event_id)`, 7)} from event, generate_series(1, $6)`,
};

const FIND_EVENT = {
  name: 'mock-provider-find-event',
  text: `
    select event_id, type, charge_id, refund_id, idempotency_key, amount_paise, currency,
      to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at
    from mock_provider.events where event_id = $1`,
};

const NOTE_DELIVERY = {
  name: 'mock-provider-note-delivery',
  text: 'update mock_provider.events set delivered_at = now() where event_id = $1 and delivered_at is null',
};

/** What the mock provider has to tell: written where it becomes true, delivered until somebody acknowledges it. */
export class ProviderOutbox {
  /** Tells what became of a charge, if anything did. */
  async tellOfCharge(tx: Queries, charge: StoredCharge, behaviour: TestBehaviour): Promise<void> {
    const { chargeId, idempotencyKey, amountPaise, capturePaise } = charge;
    const about = { chargeId, idempotencyKey, refundId: null };
    if (charge.status === 'CAPTURED') {
      // An attempt at the bank before this one failed, and word of that comes when it is no longer true.
      if (behaviour.webhooksReversed) {
        await this.tell(tx, { ...about, type: 'payment.failed', amountPaise }, behaviour, LATE_MS);
      }
      await this.tell(tx, { ...about, type: 'payment.captured', amountPaise: capturePaise }, behaviour);
    } else if (charge.status === 'DECLINED') {
      await this.tell(tx, { ...about, type: 'payment.failed', amountPaise }, behaviour);
    }
  }

  /** Tells that a refund was accepted. */
  async tellOfNewRefund(tx: Queries, refund: StoredRefund, behaviour: TestBehaviour): Promise<void> {
    const lateMs = behaviour.webhooksReversed ? LATE_MS : 0;
    await this.tell(tx, { ...refund, type: 'refund.created' }, behaviour, lateMs);
    await this.tellOfRefund(tx, refund, behaviour);
  }

  /** Tells what became of a refund, if anything did. */
  async tellOfRefund(tx: Queries, refund: StoredRefund, behaviour: TestBehaviour): Promise<void> {
    if (refund.status === 'PENDING') return;
    const type = refund.status === 'SUCCEEDED' ? 'refund.succeeded' : 'refund.failed';
    await this.tell(tx, { ...refund, type }, behaviour);
  }

  /** An event as it is sent. */
  async get(queries: Queries, eventId: string): Promise<ProviderEvent> {
    const { refund_id: refundId, ...event } = await queries.row<ProviderEvent & { refund_id: string | null }>(
      FIND_EVENT,
      [eventId],
    );
    return { ...event, ...(refundId !== null && { refund_id: refundId }) };
  }

  /** Somebody acknowledged the event. */
  async noteDelivery(queries: Queries, eventId: string): Promise<void> {
    await queries.execute(NOTE_DELIVERY, [eventId]);
  }

  /** Whether somebody has acknowledged an event of this charge. */
  async hasDelivered(queries: Queries, chargeId: string): Promise<boolean> {
    const { delivered } = await queries.row<{ delivered: boolean }>(
      `select exists (select from mock_provider.events where charge_id = $1 and delivered_at is not null) as delivered`,
      [chargeId],
    );
    return delivered;
  }

  private async tell(
    tx: Queries,
    event: NewEvent,
    { webhookCopies = 1, answers }: TestBehaviour,
    lateMs = 0,
  ): Promise<void> {
    const usualMs = answers === 'after_webhook' ? 0 : USUAL_MS;
    await tx.execute(ADD_EVENT, [
      event.type,
      event.chargeId,
      event.refundId,
      event.idempotencyKey,
      event.amountPaise,
      webhookCopies,
      ...addJobValues(deliverEvent, { afterMs: usualMs + lateMs }),
    ]);
  }
}
