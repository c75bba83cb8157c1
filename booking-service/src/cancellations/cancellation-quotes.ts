import type { Queries } from '@flight-booking/platform';
import type { OfferedBooking } from '../bookings/booking.js';
import type { CancellationPolicy } from './cancellation-policy.js';
import type { CancellationQuote } from './cancellation-quote.js';
import { QuoteNeeded, QuoteStale } from './cancellation-quote.errors.js';
import type { CancellationQuoteRepository } from './cancellation-quote.repository.js';
import { cancellationTerms, type CancellationTerms } from './cancellation-terms.js';
import { ruleInWords } from './cancellation-words.js';

/** Tells customers what cancelling means, and keeps them and us to it. */
export class CancellationQuotes {
  constructor(
    private readonly quotes: CancellationQuoteRepository,
    private readonly policy: CancellationPolicy,
  ) {}

  /** A new quote, by the database's time at which the booking was read. */
  make(queries: Queries, booking: OfferedBooking): Promise<CancellationQuote> {
    return this.write(queries, booking, this.termsOf(booking));
  }

  /**
   * The quote that a locked booking is cancelled by. Without one named, a quote is made and taken at once if nothing
   * is kept by it. A refusal is returned rather than thrown, for it carries a quote that has to be kept.
   */
  async confirmed(
    tx: Queries,
    booking: OfferedBooking,
    quoteId: number | undefined,
  ): Promise<CancellationQuote | QuoteNeeded | QuoteStale> {
    const terms = this.termsOf(booking);
    if (quoteId === undefined) {
      const quote = await this.write(tx, booking, terms);
      return quote.keptPaise === 0 ? quote : new QuoteNeeded(quote);
    }
    const named = await this.quotes.findValid(tx, booking.bookingId, quoteId);
    if (named !== undefined && stands(named, booking, terms)) return named;
    return new QuoteStale(await this.write(tx, booking, terms));
  }

  private termsOf(booking: OfferedBooking): CancellationTerms {
    return cancellationTerms(this.policy, booking, booking.readAt);
  }

  private write(
    queries: Queries,
    { bookingId, paymentId, readAt }: OfferedBooking,
    terms: CancellationTerms,
  ): Promise<CancellationQuote> {
    const { rule, lines, paidPaise, keptPaise, refundPaise, standsUntil } = terms;
    const thoughtOver = readAt.getTime() + this.policy.quoteTtlMs;
    return this.quotes.add(queries, {
      bookingId,
      paymentId,
      rule,
      ruleInWords: ruleInWords(terms, this.policy),
      lines,
      paidPaise,
      keptPaise,
      refundPaise,
      validUntil: new Date(Math.min(thoughtOver, standsUntil.getTime())),
    });
  }
}

/**
 * Whether what was promised is still to be kept: the booking is paid as it was, and the rules give no more now than
 * they did. Where they give less, because their figures were changed meanwhile, the promise counts.
 */
const stands = (quote: CancellationQuote, booking: OfferedBooking, terms: CancellationTerms): boolean =>
  quote.paymentId === booking.paymentId && terms.refundPaise <= quote.refundPaise;
