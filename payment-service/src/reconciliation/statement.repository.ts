import type { Queries } from '@flight-booking/platform';
import type { StatementCharge, StatementRefund } from '../provider/payment-provider.js';

const KEEP_CHARGES = {
  name: 'keep-statement-charges',
  text: `
    insert into provider_statement_charges as kept
      (charge_id, idempotency_key, status, amount_paise, created_at, changed_at)
    select "chargeId", "idempotencyKey", status, "amountPaise", "createdAt", "changedAt"
    from jsonb_to_recordset($1::jsonb) as line ("chargeId" text, "idempotencyKey" text, status text,
      "amountPaise" bigint, "createdAt" timestamptz, "changedAt" timestamptz)
    on conflict (charge_id) do update set status = excluded.status, amount_paise = excluded.amount_paise,
      changed_at = excluded.changed_at, imported_at = now()`,
};
const KEEP_REFUNDS = {
  name: 'keep-statement-refunds',
  text: `
    insert into provider_statement_refunds as kept
      (refund_id, charge_id, idempotency_key, status, amount_paise, created_at, changed_at)
    select "refundId", "chargeId", "idempotencyKey", status, "amountPaise", "createdAt", "changedAt"
    from jsonb_to_recordset($1::jsonb) as line ("refundId" text, "chargeId" text, "idempotencyKey" text,
      status text, "amountPaise" bigint, "createdAt" timestamptz, "changedAt" timestamptz)
    on conflict (refund_id) do update set status = excluded.status, amount_paise = excluded.amount_paise,
      changed_at = excluded.changed_at, imported_at = now()`,
};

/** The provider's statement as we last read it. */
export class StatementRepository {
  async keepCharges(tx: Queries, lines: readonly StatementCharge[]): Promise<void> {
    await tx.execute(KEEP_CHARGES, [JSON.stringify(lines)]);
  }

  async keepRefunds(tx: Queries, lines: readonly StatementRefund[]): Promise<void> {
    await tx.execute(KEEP_REFUNDS, [JSON.stringify(lines)]);
  }
}
