/** What repairs a difference; each is safe to repeat. */
export type Repair = 'settle_payment' | 'settle_refund' | 'pay_refund' | 'confirm_payment' | 'owe_refund';

/**
 * How the books can differ, and what repairs that. Where money would move on the word of one book against another,
 * nothing does by itself: that is for an operator.
 */
const DIFFERENCES = {
  /** The provider took money that we do not know of. */
  capture_not_entered: 'settle_payment',
  /** We think that money came in, and the provider does not. */
  capture_unknown_to_provider: undefined,
  /** The provider took another amount than we have entered. */
  capture_differs: undefined,
  /** A charge of the provider's that no payment asked for. */
  charge_not_ours: undefined,
  /** The provider has decided a refund, and we do not know. */
  refund_not_entered: 'settle_refund',
  /** We think that money went back, and the provider does not. */
  refund_unknown_to_provider: undefined,
  /** The provider gave back another amount than we have entered. */
  refund_differs: undefined,
  /** The provider said that an attempt failed, and paid it after all. */
  failed_refund_paid: undefined,
  /** A refund of the provider's that nobody here asked for. */
  refund_not_ours: undefined,
  /** A payment is under way for longer than any takes. */
  payment_overdue: 'settle_payment',
  /** A refund is owed for longer than any takes. */
  refund_overdue: 'pay_refund',
  /** A refund waits for an operator. */
  refund_stuck: undefined,
  /** booking-service has not answered to money that came in. */
  booking_not_told: 'confirm_payment',
  /** booking-service says that more is due than we owe. */
  refund_not_owed: 'owe_refund',
  /** More goes back than booking-service says is due. */
  refunded_beyond_due: undefined,
  /** We think that a booking was paid with this, and booking-service does not. */
  sale_unknown_to_booking: undefined,
  /** A booking stands with a payment that does not exist. */
  booking_without_payment: undefined,
  /** A booking stands with a payment that never took any money. */
  booking_paid_without_capture: undefined,
  /** The entries of a payment do not add up to what its row says. */
  ledger_differs: undefined,
  /** A webhook that says something else than our books do. */
  webhook_differs: undefined,
} as const satisfies Record<string, Repair | undefined>;

/** See {@link DIFFERENCES}. */
export type DifferenceKind = keyof typeof DIFFERENCES;

/** Every kind. */
export const DIFFERENCE_KINDS = Object.keys(DIFFERENCES) as [DifferenceKind, ...DifferenceKind[]];

/** Two books that do not agree. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** What it is about, such as `payment 12`. */
  readonly subject: string;
  readonly paymentId: number | null;
  readonly refundId: number | null;
  /** What each of the two says. */
  readonly detail: string;
}

/** A difference that was seen in some run and not resolved since. */
export interface OpenDifference extends Difference {
  readonly differenceId: number;
  readonly repair: Repair | null;
  /** How often the repair was begun. */
  readonly repairs: number;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
}

/** What repairs a difference; undefined when only an operator can. */
export const repairOf = ({ kind }: Difference): Repair | undefined => DIFFERENCES[kind];
