import type { Charge, DeclineReason } from './payment-provider.js';

/** A charge as the mock provider keeps it. It becomes its `outcome` at `settlesAt`, whoever looks first. */
export interface StoredCharge {
  readonly chargeId: string;
  readonly idempotencyKey: string;
  readonly status: 'PENDING' | 'CHALLENGED' | 'CAPTURED' | 'DECLINED' | 'ABANDONED';
  readonly outcome: 'CAPTURED' | 'DECLINED' | 'ABANDONED';
  readonly amountPaise: number;
  /** What it takes if it takes anything. */
  readonly capturePaise: number;
  readonly methodToken: string | null;
  readonly declineReason: DeclineReason | null;
  readonly settlesAt: Date;
  readonly challengeToken: string | null;
}

/** A charge that arrives. */
export type NewCharge = Omit<StoredCharge, 'chargeId'>;

/** Whether its time to become its outcome has come. */
export const isDue = ({ status, outcome, settlesAt }: StoredCharge, now: Date): boolean =>
  status !== outcome && settlesAt <= now;

/**
 * A charge as the provider's callers see it.
 * @param challengeUrl where the customer approves
 */
export function chargeOf(charge: StoredCharge, challengeUrl: (token: string) => string): Charge {
  const { status, chargeId, capturePaise: amountPaise, declineReason, challengeToken } = charge;
  switch (status) {
    case 'CAPTURED':
      return { status, chargeId, amountPaise };
    case 'DECLINED':
      return { status, declineReason: declineReason ?? 'processing_error' };
    case 'CHALLENGED':
      return { status, challengeUrl: challengeUrl(challengeToken ?? '') };
    case 'PENDING':
    case 'ABANDONED':
      return { status };
  }
}
