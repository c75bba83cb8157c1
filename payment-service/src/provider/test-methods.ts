import { UnknownPaymentMethod, type DeclineReason, type PaymentMethod } from './payment-provider.js';

/** What a test token makes the mock provider do. What is not said is as usual: captured, answered, told once. */
export interface TestBehaviour {
  /** Declined for this reason; of a challenge, although the customer approves. */
  readonly declines?: DeclineReason;
  /** Captured after all, some time after it was declined. */
  readonly capturesLate?: true;
  /** Waits for the customer to approve. */
  readonly challenges?: true;
  /** How its answer comes, when it does not come at once. */
  readonly answers?: 'slowly' | 'never' | 'after_webhook';
  /** Taken besides what was asked for. */
  readonly extraPaise?: number;
  /** How often each webhook is sent. */
  readonly webhookCopies?: number;
  /** What happened first is told last. */
  readonly webhooksReversed?: true;
  /** The first refund is accepted and fails later. */
  readonly firstRefundFails?: true;
}

const BEHAVIOURS: ReadonlyMap<string, TestBehaviour> = new Map<string, TestBehaviour>([
  ['tok_success', {}],
  ['tok_declined', { declines: 'card_declined' }],
  ['tok_insufficient_funds', { declines: 'insufficient_funds' }],
  ['tok_expired_card', { declines: 'expired_card' }],
  ['tok_incorrect_cvc', { declines: 'incorrect_cvc' }],
  ['tok_processing_error', { declines: 'processing_error' }],
  ['tok_slow', { answers: 'slowly' }],
  ['tok_timeout_after_capture', { answers: 'never' }],
  ['tok_challenge', { challenges: true }],
  ['tok_challenge_declined', { challenges: true, declines: 'card_declined' }],
  ['tok_late_success', { declines: 'processing_error', capturesLate: true }],
  ['tok_duplicate_webhook', { webhookCopies: 2 }],
  ['tok_duplicate_webhook_10', { webhookCopies: 10 }],
  ['tok_webhook_first', { answers: 'after_webhook' }],
  ['tok_webhooks_out_of_order', { webhooksReversed: true }],
  ['tok_wrong_amount', { extraPaise: 100 }],
  ['tok_refund_fails', { firstRefundFails: true }],
]);

/** The card numbers that payment companies publish for tests; no other number is ever let in. */
const TOKENS_BY_CARD: ReadonlyMap<string, string> = new Map([
  ['4242424242424242', 'tok_success'],
  ['4000000000000002', 'tok_declined'],
  ['4000000000009995', 'tok_insufficient_funds'],
  ['4000000000000069', 'tok_expired_card'],
  ['4000000000000127', 'tok_incorrect_cvc'],
  ['4000000000000119', 'tok_processing_error'],
  ['4000002760003184', 'tok_challenge'],
  ['4000008400001629', 'tok_challenge_declined'],
]);

/** The UPI addresses that a payment company publishes for tests. */
const TOKENS_BY_UPI_ADDRESS: ReadonlyMap<string, string> = new Map([
  ['success@razorpay', 'tok_success'],
  ['failure@razorpay', 'tok_declined'],
]);

/** Every test token. */
export const TEST_TOKENS: readonly string[] = [...BEHAVIOURS.keys()];

/** The token of a test token, test card or test UPI address. @throws UnknownPaymentMethod */
export function tokenize(paymentMethod: string): PaymentMethod {
  if (BEHAVIOURS.has(paymentMethod)) return { token: paymentMethod };
  const upiToken = TOKENS_BY_UPI_ADDRESS.get(paymentMethod.toLowerCase());
  if (upiToken !== undefined) return { token: upiToken };
  const cardNumber = paymentMethod.replaceAll(/[ -]/g, '');
  const token = TOKENS_BY_CARD.get(cardNumber);
  if (token === undefined) throw new UnknownPaymentMethod();
  return { token, cardLastFour: cardNumber.slice(-4) };
}

/** @throws UnknownPaymentMethod */
export function behaviourOf(token: string): TestBehaviour {
  const behaviour = BEHAVIOURS.get(token);
  if (behaviour === undefined) throw new UnknownPaymentMethod();
  return behaviour;
}
