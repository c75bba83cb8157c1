import { DomainError } from '@flight-booking/platform';

/** What the customer pays with, as it may be kept: never a card number. */
export interface PaymentMethod {
  readonly token: string;
  readonly cardLastFour?: string;
}

/** Asks the provider to take money. */
export interface ChargeRequest {
  /** The same key is the same charge, however often it is asked for. */
  readonly idempotencyKey: string;
  readonly amountPaise: number;
  readonly methodToken: string;
}

/** Why the customer's bank, the customer, or the provider refused. */
export type DeclineReason =
  | 'card_declined'
  | 'insufficient_funds'
  | 'expired_card'
  | 'incorrect_cvc'
  | 'processing_error'
  | 'challenge_denied'
  | 'challenge_expired';

/**
 * What the provider knows of a charge. `CHALLENGED` waits for the customer to approve it at the address given;
 * `ABANDONED` was never made and never will be. What was captured may differ from what was asked for.
 */
export type Charge =
  | { readonly status: 'PENDING' | 'ABANDONED' }
  | { readonly status: 'CHALLENGED'; readonly challengeUrl: string }
  | { readonly status: 'CAPTURED'; readonly chargeId: string; readonly amountPaise: number }
  | { readonly status: 'DECLINED'; readonly declineReason: DeclineReason };

/** Asks the provider to give money back. */
export interface ProviderRefundRequest {
  /** The same key is the same refund, however often it is asked for. */
  readonly idempotencyKey: string;
  readonly chargeId: string;
  readonly amountPaise: number;
}

/** A refund that the provider has accepted. A `PENDING` one may still fail; one that failed gave nothing back. */
export type ProviderRefund =
  | { readonly refundId: string; readonly status: 'PENDING' | 'SUCCEEDED' }
  | { readonly refundId: string; readonly status: 'FAILED'; readonly failureReason: string };

/** A line of the provider's statement, as it is now. */
interface StatementLine {
  readonly chargeId: string;
  readonly idempotencyKey: string;
  readonly amountPaise: number;
  readonly createdAt: Date;
  /** When it last changed. */
  readonly changedAt: Date;
  /** Where the statement goes on after this line. */
  readonly position: string;
}

/** A charge on the statement. `amountPaise` is what was captured, or else what was asked for. */
export interface StatementCharge extends StatementLine {
  readonly status: 'PENDING' | 'CHALLENGED' | 'CAPTURED' | 'DECLINED';
}

/** A refund on the statement. */
export interface StatementRefund extends StatementLine {
  readonly refundId: string;
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED';
}

/**
 * A company that takes and gives back customers' money. Every call may end in {@link ProviderUnreachable},
 * after which nobody here knows whether it took effect; asking again under the same key finds out.
 */
export interface PaymentProvider {
  /** Turns what the customer typed into what may be kept. @throws UnknownPaymentMethod */
  tokenize(paymentMethod: string): PaymentMethod;
  /** @throws IdempotencyConflict | ProviderUnreachable */
  charge(request: ChargeRequest): Promise<Charge>;
  /** The charge of a key; undefined when none has arrived. @throws ProviderUnreachable */
  find(idempotencyKey: string): Promise<Charge | undefined>;
  /**
   * Keeps a key from ever being charged, so that a request which is still on its way cannot take effect; a
   * charge that has arrived stays as it is and is answered. @throws ProviderUnreachable
   */
  abandon(idempotencyKey: string): Promise<Charge>;
  /** @throws IdempotencyConflict | RefundRefused | ProviderUnreachable */
  refund(request: ProviderRefundRequest): Promise<ProviderRefund>;
  /** The refund of a key; undefined when none has arrived. @throws ProviderUnreachable */
  findRefund(idempotencyKey: string): Promise<ProviderRefund | undefined>;
  /**
   * The statement of charges in the order of their last change, so that a reader who goes on from the last line's
   * position sees all that changed since, and nothing else.
   * @param after the position of the last line seen; undefined to begin
   */
  charges(after: string | undefined, limit: number): Promise<StatementCharge[]>;
  /** The same of refunds. */
  refunds(after: string | undefined, limit: number): Promise<StatementRefund[]>;
  /**
   * Until when the statement is complete for whoever reads it from now on: what changed later may not be on it yet, for
   * lines are held back while another that comes before them may still appear.
   */
  statementCompleteUntil(): Promise<Date>;
}

/** The provider did not answer in time. Whether the call took effect is not known. */
export class ProviderUnreachable extends Error {
  override readonly name = 'ProviderUnreachable';
}

/** A key was used before, for something else. */
export class IdempotencyConflict extends Error {
  override readonly name = 'IdempotencyConflict';
}

/** The charge cannot be refunded, or not by that much. */
export class RefundRefused extends Error {
  override readonly name = 'RefundRefused';
}

/** No such way to pay is known. What was sent is not repeated, for it may be a real card. */
export class UnknownPaymentMethod extends DomainError {
  static readonly slug = 'unknown-payment-method';
  static readonly kind = 'unprocessable';
  static readonly title = 'The payment method is not known';

  constructor() {
    super('Send one of the test tokens, such as `tok_success`, or one of the test card numbers.');
  }
}
