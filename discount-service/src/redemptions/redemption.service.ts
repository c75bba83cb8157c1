import type { Database, Queries } from '@flight-booking/platform';
import { discountOn, limitRefusalOf, refusalOf, unknownCode } from '../discounts/discount.js';
import { DiscountNotApplicable } from '../discounts/discount.errors.js';
import type { DiscountRepository } from '../discounts/discount.repository.js';
import type { Redemption, RedemptionTerms } from './redemption.js';
import {
  RedemptionDiffers,
  RedemptionExists,
  RedemptionNotFound,
  RedemptionReleased,
} from './redemption.errors.js';
import type { RedemptionRepository } from './redemption.repository.js';

/** What a booking that takes a discount tells. */
export interface RedemptionWish extends RedemptionTerms {
  readonly airlineCodes: readonly string[];
}

/** A use that was free when it was looked at may be gone when it is taken; then everything is looked at anew. */
const MAX_ATTEMPTS = 5;

/** Takes, confirms and gives back the uses of codes. Every call is safe to repeat. */
export class RedemptionService {
  constructor(
    private readonly database: Database,
    private readonly redemptions: RedemptionRepository,
    private readonly discounts: DiscountRepository,
  ) {}

  /**
   * Takes one use for a booking; asked again, answers the same redemption.
   * @throws DiscountNotApplicable | RedemptionReleased | RedemptionDiffers
   */
  async take(wish: RedemptionWish): Promise<Redemption> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const existing = await this.redemptions.find(this.database, wish.bookingId);
      if (existing !== undefined) return requireSame(existing, wish);
      const taken = await this.tryToTake(wish, await this.worthOf(wish));
      if (taken !== undefined) return taken;
    }
    throw new DiscountNotApplicable(wish.code, {
      reason: 'used_up',
      message: `Too many customers want ${wish.code} right now. Try again in a moment.`,
    });
  }

  /**
   * The booking is paid. When it had expired before, its use is taken anew if the limits of the code still allow
   * one; whether the code is still offered is not asked, for the price was promised while it was.
   * @throws RedemptionNotFound | RedemptionReleased
   * @throws DiscountNotApplicable when no use is left for a lapsed redemption, which stays as it is
   */
  async confirm(bookingId: number): Promise<Redemption> {
    // Nearly always the redemption is held; no counter changes then, and its hot row need not be locked.
    const confirmed = await this.redemptions.move(this.database, bookingId, 'HELD', 'REDEEMED');
    if (confirmed !== undefined) return confirmed;
    return this.database.transaction(async (tx) => {
      const redemption = await this.redemptions.lock(tx, bookingId);
      if (redemption === undefined) throw new RedemptionNotFound(bookingId);
      if (redemption.code === null || redemption.status === 'RELEASED')
        throw new RedemptionReleased(bookingId);
      if (redemption.status === 'REDEEMED') return redemption;
      if (redemption.status === 'LAPSED') await this.requireUseLeft(tx, redemption);
      return this.redemptions.moveAndCount(tx, redemption, 'REDEEMED');
    });
  }

  /**
   * Nobody paid the booking in time: its use is free again. A redemption that a late payment has redeemed
   * meanwhile is left alone.
   * @throws RedemptionNotFound
   */
  async lapse(bookingId: number): Promise<Redemption> {
    return this.database.transaction(async (tx) => {
      const redemption = await this.redemptions.lock(tx, bookingId);
      if (redemption === undefined) throw new RedemptionNotFound(bookingId);
      return redemption.status === 'HELD'
        ? this.redemptions.moveAndCount(tx, redemption, 'LAPSED')
        : redemption;
    });
  }

  /** The booking is cancelled: its use, if it has one, is free again, and it never gets one any more. */
  async release(bookingId: number): Promise<Redemption> {
    return this.database.transaction(async (tx) => {
      if (await this.redemptions.addTombstone(tx, bookingId))
        return { bookingId, code: null, status: 'RELEASED' };
      const redemption = await this.redemptions.lock(tx, bookingId);
      if (redemption === undefined)
        throw new Error(`Redemption ${bookingId} vanished, and redemptions are never deleted.`);
      return redemption.status === 'RELEASED'
        ? redemption
        : this.redemptions.moveAndCount(tx, redemption, 'RELEASED');
    });
  }

  /** The code's row is locked, so what is left stays left. @throws DiscountNotApplicable */
  private async requireUseLeft(tx: Queries, { code, userId }: RedemptionTerms): Promise<void> {
    const discount = await this.discounts.findForCustomer(tx, code, userId);
    const refusal =
      discount === undefined ? unknownCode(code) : limitRefusalOf(discount, discount.customerUses);
    if (refusal !== undefined) throw new DiscountNotApplicable(code, refusal);
  }

  /** Undefined when the use went to somebody else, or to this booking by another call. */
  private async tryToTake(wish: RedemptionWish, discountPaise: number): Promise<Redemption | undefined> {
    try {
      return await this.database.transaction((tx) => this.redemptions.take(tx, wish, discountPaise));
    } catch (error) {
      if (error instanceof RedemptionExists) return undefined;
      throw error;
    }
  }

  private async worthOf({ code, userId, eligiblePaise, airlineCodes }: RedemptionWish): Promise<number> {
    const discount = await this.discounts.findForCustomer(this.database, code, userId);
    if (discount === undefined) throw new DiscountNotApplicable(code, unknownCode(code));
    const { now, customerUses } = discount;
    const refusal = refusalOf(discount, { now, customerUses, eligiblePaise, airlineCodes });
    if (refusal !== undefined) throw new DiscountNotApplicable(code, refusal);
    return discountOn(discount, eligiblePaise);
  }
}

/** @throws RedemptionReleased | RedemptionDiffers */
function requireSame(existing: Redemption, wish: RedemptionTerms): Redemption {
  if (existing.code === null || existing.status === 'LAPSED' || existing.status === 'RELEASED')
    throw new RedemptionReleased(wish.bookingId);
  const same =
    existing.userId === wish.userId &&
    existing.code === wish.code &&
    existing.eligiblePaise === wish.eligiblePaise;
  if (!same) throw new RedemptionDiffers(wish.bookingId);
  return existing;
}
