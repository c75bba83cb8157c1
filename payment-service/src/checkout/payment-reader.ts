import type { Database, UserPrincipal } from '@flight-booking/platform';
import type { Refund } from '../refunds/refund.js';
import type { RefundRepository } from '../refunds/refund.repository.js';
import type { Payment } from '../payments/payment.js';
import { PaymentNotFound } from '../payments/payment.errors.js';
import type { PaymentFilter, PaymentRepository } from '../payments/payment.repository.js';

/** A payment with what was given back of it. */
export interface PaymentWithRefunds {
  readonly payment: Payment;
  readonly refunds: readonly Refund[];
}

/** Reads payments together with their refunds. */
export class PaymentReader {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundRepository,
  ) {}

  /** @throws PaymentNotFound */
  async get(paymentId: number): Promise<PaymentWithRefunds> {
    const payment = await this.payments.get(this.database, paymentId);
    return { payment, refunds: await this.refunds.findByPayments(this.database, [paymentId]) };
  }

  /** A payment of the caller's own; an administrator may see any. @throws PaymentNotFound */
  async getFor(principal: UserPrincipal, paymentId: number): Promise<PaymentWithRefunds> {
    const state = await this.get(paymentId);
    if (principal.role !== 'admin' && state.payment.userId !== principal.userId) {
      throw new PaymentNotFound(paymentId);
    }
    return state;
  }

  /** Newest first. */
  async list(filter: PaymentFilter): Promise<PaymentWithRefunds[]> {
    const payments = await this.payments.list(this.database, filter);
    const ids = payments.map(({ paymentId }) => paymentId);
    const refunds = await this.refunds.findByPayments(this.database, ids);
    return payments.map((payment) => ({
      payment,
      refunds: refunds.filter(({ paymentId }) => paymentId === payment.paymentId),
    }));
  }
}
