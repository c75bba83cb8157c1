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

  /** The newest quote, if it still says what the rules give; so that asking often does not write often. */
  async standing(queries: Queries, booking: OfferedBooking): Promise<CancellationQuote | undefined> {
    return this.standingBy(queries, booking, this.termsOf(booking));
  }

  /** The quote that stands for a locked booking, or a new one by the database's time at which it was read. */
  async make(tx: Queries, booking: OfferedBooking): Promise<CancellationQuote> {
    return this.makeBy(tx, booking, this.termsOf(booking));
  }

  /** Whether a quote can still be confirmed and keeps something. */
  async keepsSomething(queries: Queries, bookingId: number, quoteId: number): Promise<boolean> {
    const quote = await this.quotes.findValid(queries, bookingId, quoteId);
    return quote !== undefined && quote.keptPaise > 0;
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
      const quote = await this.makeBy(tx, booking, terms);
      return quote.keptPaise === 0 ? quote : new QuoteNeeded(quote);
    }
    const named = await this.quotes.findValid(tx, booking.bookingId, quoteId);
    if (named !== undefined && stands(named, booking, terms)) return named;
    return new QuoteStale(await this.makeBy(tx, booking, terms));
  }

  private termsOf(booking: OfferedBooking): CancellationTerms {
    return cancellationTerms(this.policy, booking, booking.readAt);
  }

  private async makeBy(
    tx: Queries,
    booking: OfferedBooking,
    terms: CancellationTerms,
  ): Promise<CancellationQuote> {
    return (await this.standingBy(tx, booking, terms)) ?? this.write(tx, booking, terms);
  }

  private async standingBy(
    queries: Queries,
    booking: OfferedBooking,
    terms: CancellationTerms,
  ): Promise<CancellationQuote | undefined> {
    const newest = await this.quotes.findNewestValid(queries, booking.bookingId);
    const saysTheSame =
      newest?.paymentId === booking.paymentId &&
      newest.refundPaise === terms.refundPaise &&
      newest.ruleInWords === ruleInWords(terms);
    return saysTheSame ? newest : undefined;
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
      ruleInWords: ruleInWords(terms),
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
