import { formatPaise, type TimelineFact } from '@flight-booking/contracts';
import type { RedemptionStatus } from '../redemptions/redemption.js';
import type { RedemptionMove } from './timeline.repository.js';

/** What each state means, and why a redemption comes into it. */
const WORDS: Readonly<Record<RedemptionStatus, (code: string, amount: string) => Omit<TimelineFact, 'at'>>> =
  {
    HELD: (code, amount) => ({
      event: 'discount.held',
      detail: `${code} takes ${amount} off.`,
      cause: 'booking-service: a new booking or a late payment takes the code',
    }),
    REDEEMED: (code, amount) => ({
      event: 'discount.redeemed',
      detail: `${code} took ${amount} off.`,
      cause: 'booking-service: the booking is paid',
    }),
    LAPSED: (code) => ({
      event: 'discount.lapsed',
      detail: `The use of ${code} is free again.`,
      cause: 'booking-service: nobody paid in time',
    }),
    RELEASED: (code) => ({
      event: 'discount.released',
      detail: `${code} was given back for good.`,
      cause: 'booking-service: the booking was cancelled',
    }),
  };

/** One state of a redemption; nothing when the booking never took a discount. */
export const toTimelineFacts = ({
  status,
  changedAt,
  code,
  discountPaise,
}: RedemptionMove): TimelineFact[] =>
  code === null ? [] : [{ at: changedAt, ...WORDS[status](code, formatPaise(discountPaise ?? 0)) }];
