/** The states of a redemption. */
export type RedemptionStatus = 'HELD' | 'REDEEMED' | 'LAPSED' | 'RELEASED';

/**
 * A redemption holds one use of its code for a booking and is redeemed when the booking is paid. It lapses when
 * nobody pays in time: the use is free again, and a payment that comes late holds it anew if one is left then, or is
 * refused.
 * It is released when the booking is cancelled, which is final, so that no use is given back twice. A booking's
 * messages may arrive in any order; the furthest of these states wins. The database refuses every other move too.
 */
export const MOVES = {
  HELD: ['REDEEMED', 'LAPSED', 'RELEASED'],
  REDEEMED: ['RELEASED'],
  LAPSED: ['HELD', 'REDEEMED', 'RELEASED'],
  RELEASED: [],
} as const satisfies Record<RedemptionStatus, readonly RedemptionStatus[]>;

/** Whether a redemption in a state counts as a use of its code. */
export const holdsUse = (status: RedemptionStatus): boolean => status === 'HELD' || status === 'REDEEMED';

/** What a booking asks for. */
export interface RedemptionTerms {
  readonly bookingId: number;
  readonly userId: number;
  readonly code: string;
  readonly eligiblePaise: number;
}

/** One use of a code by one booking. */
export type Redemption = TakenRedemption | Tombstone;

/** A redemption that has held its use. */
export interface TakenRedemption extends RedemptionTerms {
  readonly discountPaise: number;
  readonly status: RedemptionStatus;
  /** The late payment that took the use last; null while none has. */
  readonly takenForPayment: number | null;
}

/** Released before it was taken. */
export interface Tombstone {
  readonly bookingId: number;
  readonly code: null;
  readonly status: 'RELEASED';
}
