import type { Clock, Database } from '@flight-booking/platform';
import { discountOn, refusalOf, unknownCode } from '../discounts/discount.js';
import { DiscountNotApplicable } from '../discounts/discount.errors.js';
import type { DiscountRepository } from '../discounts/discount.repository.js';
import type { Redemption, RedemptionTerms } from './redemption.js';
import { RedemptionDiffers, RedemptionNotFound, RedemptionReleased } from './redemption.errors.js';
import type { RedemptionRepository } from './redemption.repository.js';

/** What a booking that takes a discount tells. */
export interface RedemptionWish extends RedemptionTerms {
  readonly airlineCodes: readonly string[];
}

/** A use that was free when it was looked at may be gone when it is taken; then everything is looked at anew. */
const MAX_ATTEMPTS = 5;

/** Takes, confirms and gives back the uses of codes. */
export class RedemptionService {
  constructor(
    private readonly database: Database,
    private readonly redemptions: RedemptionRepository,
    private readonly discounts: DiscountRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes one use for a booking; asked again, answers the same redemption.
   * @throws DiscountNotApplicable | RedemptionReleased | RedemptionDiffers
   */
  async take(wish: RedemptionWish): Promise<Redemption> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const existing = await this.redemptions.find(this.database, wish.bookingId);
      if (existing !== undefined) return requireSame(existing, wish);
      const discountPaise = await this.worthOf(wish);
      const taken = await this.redemptions.take(this.database, wish, discountPaise);
      if (taken !== undefined) return taken;
    }
    throw new DiscountNotApplicable(wish.code, {
      reason: 'used_up',
      message: `Too many customers want ${wish.code} right now. Try again in a moment.`,
    });
  }

  /** The booking is paid. @throws RedemptionNotFound | RedemptionReleased */
  async confirm(bookingId: number): Promise<Redemption> {
    const confirmed = await this.redemptions.confirm(this.database, bookingId);
    if (confirmed !== undefined) return confirmed;
    const existing = await this.redemptions.find(this.database, bookingId);
    if (existing === undefined) throw new RedemptionNotFound(bookingId);
    if (existing.status === 'RELEASED') throw new RedemptionReleased(bookingId);
    return existing;
  }

  /** The booking ended: its use, if it has one, is free again, and it never gets one any more. */
  async release(bookingId: number): Promise<Redemption> {
    await this.redemptions.release(this.database, bookingId);
    const released = await this.redemptions.find(this.database, bookingId);
    if (released === undefined) throw new RedemptionNotFound(bookingId);
    return released;
  }

  private async worthOf({ code, userId, eligiblePaise, airlineCodes }: RedemptionWish): Promise<number> {
    const discount = await this.discounts.findForCustomer(this.database, code, userId);
    if (discount === undefined) throw new DiscountNotApplicable(code, unknownCode(code));
    const { customerUses } = discount;
    const refusal = refusalOf(discount, { now: this.clock.now(), customerUses, eligiblePaise, airlineCodes });
    if (refusal !== undefined) throw new DiscountNotApplicable(code, refusal);
    return discountOn(discount, eligiblePaise);
  }
}

function requireSame(existing: Redemption, wish: RedemptionTerms): Redemption {
  if (existing.status === 'RELEASED') throw new RedemptionReleased(wish.bookingId);
  const same =
    existing.userId === wish.userId &&
    existing.code === wish.code &&
    existing.eligiblePaise === wish.eligiblePaise;
  if (!same) throw new RedemptionDiffers(wish.bookingId);
  return existing;
}
