import { DomainError } from '@flight-booking/platform';
import type { CancellationQuote } from './cancellation-quote.js';
import { toCancellationQuoteView } from './cancellation-quote.view.js';

/** Something of the price would be kept, which the customer has to have seen first. */
export class QuoteNeeded extends DomainError {
  static readonly slug = 'quote-needed';
  static readonly kind = 'conflict';
  static readonly title = 'Not everything would come back';

  constructor(quote: CancellationQuote) {
    super('Cancelling keeps a part of the price. Look at `quote` and confirm it by its `quote_id`.', {
      quote: toCancellationQuoteView(quote),
    });
  }
}

/** What the customer confirmed does not hold any more. */
export class QuoteStale extends DomainError {
  static readonly slug = 'quote-stale';
  static readonly kind = 'conflict';
  static readonly title = 'The quote does not hold any more';

  constructor(quote: CancellationQuote) {
    super(
      'The quote is out of date, or it is not for this booking. Look at the new `quote` and confirm that.',
      { quote: toCancellationQuoteView(quote) },
    );
  }
}
