import type { Queries } from '@flight-booking/platform';
import type {
  ChangedPaymentState,
  PaymentState,
  PaymentStateRepository,
} from './payment-state.repository.js';

/** Tells whoever reconciles what has become of captured payments here. */
export class PaymentStatesService {
  constructor(
    private readonly queries: Queries,
    private readonly paymentStates: PaymentStateRepository,
  ) {}

  /** What is known of the payments; those that nobody told of are left out. */
  states(paymentIds: readonly number[]): Promise<PaymentState[]> {
    return this.paymentStates.find(this.queries, paymentIds);
  }

  /** What changed after a position, in the order of the last changes. */
  changes(after: string | undefined): Promise<ChangedPaymentState[]> {
    return this.paymentStates.changes(this.queries, after);
  }
}
