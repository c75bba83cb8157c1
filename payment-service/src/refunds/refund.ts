/** Money on its way back to a customer, or back. */
export interface Refund {
  readonly refundId: number;
  readonly paymentId: number;
  readonly amountPaise: number;
  readonly reason: string;
  /** PENDING is a debt: the provider has not said yet that it is paid. */
  readonly status: 'PENDING' | 'SUCCEEDED';
  /** The key under which the provider knows the refund. */
  readonly idempotencyKey: string;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
}
