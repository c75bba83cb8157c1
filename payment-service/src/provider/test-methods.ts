import { UnknownPaymentMethod, type DeclineReason, type PaymentMethod } from './payment-provider.js';

/** What a test token makes the mock provider do. */
export type TestBehaviour =
  | { readonly outcome: 'CAPTURED'; readonly answers?: 'slowly' | 'never' }
  | { readonly outcome: 'DECLINED'; readonly declineReason: DeclineReason };

const declines = (declineReason: DeclineReason): TestBehaviour => ({ outcome: 'DECLINED', declineReason });

const BEHAVIOURS: ReadonlyMap<string, TestBehaviour> = new Map<string, TestBehaviour>([
  ['tok_success', { outcome: 'CAPTURED' }],
  ['tok_declined', declines('card_declined')],
  ['tok_insufficient_funds', declines('insufficient_funds')],
  ['tok_expired_card', declines('expired_card')],
  ['tok_incorrect_cvc', declines('incorrect_cvc')],
  ['tok_processing_error', declines('processing_error')],
  ['tok_slow', { outcome: 'CAPTURED', answers: 'slowly' }],
  ['tok_timeout_after_capture', { outcome: 'CAPTURED', answers: 'never' }],
]);

/** The card numbers that payment companies publish for tests; no other number is ever let in. */
const TOKENS_BY_CARD: ReadonlyMap<string, string> = new Map([
  ['4242424242424242', 'tok_success'],
  ['4000000000000002', 'tok_declined'],
  ['4000000000009995', 'tok_insufficient_funds'],
  ['4000000000000069', 'tok_expired_card'],
  ['4000000000000127', 'tok_incorrect_cvc'],
  ['4000000000000119', 'tok_processing_error'],
]);

/** Every test token. */
export const TEST_TOKENS: readonly string[] = [...BEHAVIOURS.keys()];

/** The token of a test token or test card. @throws UnknownPaymentMethod */
export function tokenize(paymentMethod: string): PaymentMethod {
  if (BEHAVIOURS.has(paymentMethod)) return { token: paymentMethod };
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
