import type { Database, Queries } from '@flight-booking/platform';
import { discountOn, limitRefusalOf, refusalOf, unknownCode, type Refusal } from '../discounts/discount.js';
import { DiscountNotApplicable } from '../discounts/discount.errors.js';
import type { DiscountRepository } from '../discounts/discount.repository.js';
import type { Redemption, RedemptionTerms, TakenRedemption } from './redemption.js';
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
      const existing = await this.existing(wish);
      if (existing !== undefined) return existing;
      const worth = await this.worthOf(wish);
      if (worth instanceof DiscountNotApplicable) {
        // Another call for this very booking may have taken what is missing, after it was looked for.
        const takenMeanwhile = await this.existing(wish);
        if (takenMeanwhile === undefined) throw worth;
        return takenMeanwhile;
      }
      const taken = await this.tryToTake(wish, worth);
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
   * A payment of an expired booking holds its use anew, before the booking takes it. The answer stays the same: the
   * refusal is committed before it is told, so that the call cannot succeed when it is heard once more.
   * @throws RedemptionNotFound | RedemptionReleased
   * @throws DiscountNotApplicable when no use is left, or the booking has refused the payment
   */
  async hold(bookingId: number, paymentId: number): Promise<Redemption> {
    const held = await this.database.transaction(async (tx) => {
      const redemption = await this.redemptions.lock(tx, bookingId);
      if (redemption === undefined) throw new RedemptionNotFound(bookingId);
      if (redemption.code === null || redemption.status === 'RELEASED')
        throw new RedemptionReleased(bookingId);
      if (await this.redemptions.isRefused(tx, bookingId, paymentId))
        return new DiscountNotApplicable(redemption.code, usedUpFor(redemption, paymentId));
      if (redemption.status === 'REDEEMED') return redemption;
      const refusal = redemption.status === 'LAPSED' ? await this.limitRefusal(tx, redemption) : undefined;
      if (refusal === undefined) return this.holdFor(tx, redemption, paymentId);
      await this.redemptions.refuse(tx, bookingId, [paymentId]);
      return new DiscountNotApplicable(redemption.code, refusal);
    });
    if (held instanceof DiscountNotApplicable) throw held;
    return held;
  }

  /**
   * Nobody paid the booking in time, or who paid late was refused: its use is free again. One that another late
   * payment holds or has redeemed meanwhile is left alone.
   * @throws RedemptionNotFound
   */
  async lapse(bookingId: number, refusedPayments: readonly number[]): Promise<Redemption> {
    return this.database.transaction(async (tx) => {
      const redemption = await this.redemptions.lock(tx, bookingId);
      if (redemption === undefined) throw new RedemptionNotFound(bookingId);
      await this.redemptions.refuse(tx, bookingId, refusedPayments);
      return redemption.status === 'HELD' && isOver(redemption, refusedPayments)
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

  /** @throws DiscountNotApplicable */
  private async requireUseLeft(tx: Queries, redemption: RedemptionTerms): Promise<void> {
    const refusal = await this.limitRefusal(tx, redemption);
    if (refusal !== undefined) throw new DiscountNotApplicable(redemption.code, refusal);
  }

  /** Why no use is left; undefined while one is. The code's row is locked, so what is left stays left. */
  private async limitRefusal(tx: Queries, { code, userId }: RedemptionTerms): Promise<Refusal | undefined> {
    const discount = await this.discounts.findForCustomer(tx, code, userId);
    return discount === undefined ? unknownCode(code) : limitRefusalOf(discount, discount.customerUses);
  }

  private async holdFor(tx: Queries, redemption: TakenRedemption, paymentId: number): Promise<Redemption> {
    await this.redemptions.takeFor(tx, redemption.bookingId, paymentId);
    return redemption.status === 'HELD' ? redemption : this.redemptions.moveAndCount(tx, redemption, 'HELD');
  }

  /** @throws RedemptionReleased | RedemptionDiffers */
  private async existing(wish: RedemptionTerms): Promise<Redemption | undefined> {
    const existing = await this.redemptions.find(this.database, wish.bookingId);
    return existing && requireSame(existing, wish);
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

  /** What a code takes off for a booking, in paise, or why it may not take it. */
  private async worthOf(wish: RedemptionWish): Promise<number | DiscountNotApplicable> {
    const { code, userId, eligiblePaise, airlineCodes } = wish;
    const discount = await this.discounts.findForCustomer(this.database, code, userId);
    if (discount === undefined) return new DiscountNotApplicable(code, unknownCode(code));
    const { now, customerUses } = discount;
    const refusal = refusalOf(discount, { now, customerUses, eligiblePaise, airlineCodes });
    return refusal === undefined
      ? discountOn(discount, eligiblePaise)
      : new DiscountNotApplicable(code, refusal);
  }
}

/** Whether whoever a redemption is held for has not paid: the booking itself, or a payment that was refused. */
const isOver = (redemption: Redemption, refusedPayments: readonly number[]): boolean =>
  redemption.code !== null &&
  (redemption.takenForPayment === null || refusedPayments.includes(redemption.takenForPayment));

const usedUpFor = ({ code }: TakenRedemption, paymentId: number): Refusal => ({
  reason: 'used_up',
  message: `There was no use of ${code} left for payment ${paymentId}.`,
});

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
