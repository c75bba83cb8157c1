import type { Queries } from '@flight-booking/platform';
import type { CancellationQuote, QuoteDraft } from './cancellation-quote.js';

/** The quote and its lines in one statement, at whose end the database adds them up. */
const ADD = {
  name: 'add-cancellation-quote',
  text: `
    with quote as (
      insert into cancellation_quotes (booking_id, payment_id, rule, rule_in_words, paid_paise, kept_paise,
                                       refund_paise, valid_until)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      returning quote_id, quoted_at
    ), lines as (
      insert into cancellation_quote_lines (quote_id, position, flight_id, kind, description, paid_paise, kept_paise,
                                            refund_paise)
      select quote_id, position - 1, flight_id, kind, description, paid_paise, kept_paise, refund_paise
      from quote, rows from (jsonb_to_recordset($9::jsonb) as ("flightId" bigint, kind text, description text,
          "paidPaise" bigint, "keptPaise" bigint, "refundPaise" bigint))
        with ordinality as given (flight_id, kind, description, paid_paise, kept_paise, refund_paise, position)
    )
    select quote_id as "quoteId", quoted_at as "quotedAt" from quote`,
};

const QUOTE = `
    select quote_id as "quoteId", booking_id as "bookingId", payment_id as "paymentId", rule,
      rule_in_words as "ruleInWords", paid_paise as "paidPaise", kept_paise as "keptPaise",
      refund_paise as "refundPaise", quoted_at as "quotedAt", valid_until as "validUntil",
      coalesce((select json_agg(json_build_object(
          'flightId', l.flight_id, 'kind', l.kind, 'description', l.description, 'paidPaise', l.paid_paise,
          'keptPaise', l.kept_paise, 'refundPaise', l.refund_paise) order by l.position)
        from cancellation_quote_lines l where l.quote_id = q.quote_id), '[]') as lines
    from cancellation_quotes q
    where booking_id = $1`;
const VALID = `${QUOTE} and valid_until >= date_trunc('milliseconds', now())`;

const FIND_CONFIRMED = {
  name: 'find-confirmed-cancellation-quote',
  text: `${QUOTE} and quote_id = (select cancellation_quote_id from bookings where booking_id = $1)`,
};

const FIND = { name: 'find-cancellation-quote', text: `${VALID} and quote_id = $2` };

const FIND_NEWEST = {
  name: 'find-newest-cancellation-quote',
  text: `${VALID} order by quote_id desc limit 1`,
};

/** The quotes of this service's database, which are never changed. */
export class CancellationQuoteRepository {
  async add(queries: Queries, draft: QuoteDraft): Promise<CancellationQuote> {
    const added = await queries.row<Pick<CancellationQuote, 'quoteId' | 'quotedAt'>>(ADD, [
      draft.bookingId,
      draft.paymentId,
      draft.rule,
      draft.ruleInWords,
      draft.paidPaise,
      draft.keptPaise,
      draft.refundPaise,
      draft.validUntil,
      JSON.stringify(draft.lines),
    ]);
    return { ...draft, ...added };
  }

  /** The quote by which a booking's customer cancelled it. */
  async findConfirmed(queries: Queries, bookingId: number): Promise<CancellationQuote | undefined> {
    return queries.maybeRow<CancellationQuote>(FIND_CONFIRMED, [bookingId]);
  }

  /** A quote for that booking that can still be confirmed. */
  async findValid(
    queries: Queries,
    bookingId: number,
    quoteId: number,
  ): Promise<CancellationQuote | undefined> {
    return queries.maybeRow<CancellationQuote>(FIND, [bookingId, quoteId]);
  }

  /** The quote for a booking that was made last, if it can still be confirmed. */
  async findNewestValid(queries: Queries, bookingId: number): Promise<CancellationQuote | undefined> {
    return queries.maybeRow<CancellationQuote>(FIND_NEWEST, [bookingId]);
  }
}
