/** The states of a redemption. */
export type RedemptionStatus = 'HELD' | 'REDEEMED' | 'RELEASED';

/**
 * A redemption holds one use of its code for a booking. It is redeemed when the booking is paid and released
 * when the booking ends otherwise; a release gives the use back and is final, so that no use is given back
 * twice. The database refuses every other move too.
 */
export const MOVES = {
  HELD: ['REDEEMED', 'RELEASED'],
  REDEEMED: ['RELEASED'],
  RELEASED: [],
} as const satisfies Record<RedemptionStatus, readonly RedemptionStatus[]>;

/** The states from which a redemption may come to a state. */
export const statesBefore = (status: RedemptionStatus): RedemptionStatus[] =>
  (Object.keys(MOVES) as RedemptionStatus[]).filter((from) =>
    (MOVES[from] as readonly RedemptionStatus[]).includes(status),
  );

/** What a booking asks for. */
export interface RedemptionTerms {
  readonly bookingId: number;
  readonly userId: number;
  readonly code: string;
  readonly eligiblePaise: number;
}

/** One use of a code by one booking. */
export type Redemption = TakenRedemption | Tombstone;

interface TakenRedemption extends RedemptionTerms {
  readonly discountPaise: number;
  readonly status: RedemptionStatus;
}

/** Released before it was taken. */
interface Tombstone {
  readonly bookingId: number;
  readonly code: null;
  readonly status: 'RELEASED';
}
