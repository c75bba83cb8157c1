import type { Database, IdempotencyClaim } from '@flight-booking/platform';
import { ProviderUnreachable, type Charge, type PaymentProvider } from '../provider/payment-provider.js';
import type { Payment } from '../payments/payment.js';
import type { PaymentRepository } from '../payments/payment.repository.js';
import { ChargeUndecided } from './checkout.errors.js';
import type { PaymentTransitions } from './payment-transitions.js';

/** A charge that somebody wants to pay for a booking with. */
export interface ChargeAttempt {
  readonly bookingId: number;
  readonly userId: number;
  readonly amountPaise: number;
  /** What the customer typed: a token, or the number of a test card. */
  readonly paymentMethod: string;
}

/** Why a charge failed that the provider never heard of. */
const NOT_CHARGED = 'not_charged';

/** Takes customers' money through the provider, exactly once, and finds out what became of it. */
export class ChargeService {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly transitions: PaymentTransitions,
    private readonly provider: PaymentProvider,
  ) {}

  /**
   * Begins a payment and charges it. When the provider does not answer, or the customer has to approve first, the
   * payment stays PROCESSING and its job finds out.
   * @returns the payment as it was last seen here
   * @throws UnknownPaymentMethod | PaymentInProgress | AlreadyPaid
   */
  async charge({ paymentMethod, ...attempt }: ChargeAttempt, claim?: IdempotencyClaim): Promise<Payment> {
    const method = this.provider.tokenize(paymentMethod);
    const payment = await this.transitions.begin({ ...attempt, method }, claim);
    const { idempotencyKey, amountPaise } = payment;
    try {
      const request = { idempotencyKey, amountPaise, methodToken: method.token };
      return await this.apply(payment, await this.provider.charge(request));
    } catch (error) {
      if (!(error instanceof ProviderUnreachable || error instanceof ChargeUndecided)) throw error;
    }
    return payment;
  }

  /**
   * Asks the provider what became of a charge. One that has not arrived is kept from ever arriving, so that
   * the customer may pay again without paying twice. One that was declined is asked for too: a provider may
   * have changed its mind.
   * @returns the payment as it was last seen here
   * @throws ProviderUnreachable | ChargeUndecided
   */
  async settle(paymentId: number): Promise<Payment> {
    const payment = await this.payments.get(this.database, paymentId);
    if (payment.capturedPaise > 0) return payment;
    const { idempotencyKey } = payment;
    const charge =
      (await this.provider.find(idempotencyKey)) ?? (await this.provider.abandon(idempotencyKey));
    const settled = await this.apply(payment, charge);
    if (charge.status === 'CHALLENGED') await this.transitions.awaitCustomer(payment);
    return settled;
  }

  /** Returns the payment as captured if all went well, and else as it was. */
  private async apply(payment: Payment, charge: Charge): Promise<Payment> {
    const { paymentId } = payment;
    switch (charge.status) {
      case 'CAPTURED':
        return (await this.transitions.capture(payment, charge)) ?? payment;
      case 'CHALLENGED':
        await this.transitions.challenge(paymentId, charge.challengeUrl);
        return payment;
      case 'DECLINED':
        await this.transitions.fail(paymentId, charge.declineReason);
        return payment;
      case 'ABANDONED':
        await this.transitions.fail(paymentId, NOT_CHARGED);
        return payment;
      case 'PENDING':
        throw new ChargeUndecided(`The charge of payment ${paymentId} is not decided yet.`);
    }
  }
}
