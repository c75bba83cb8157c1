import { isRetryable, uniqueViolationOf, type Database, type Queries } from '@flight-booking/platform';
import { statesBefore, type Redemption, type RedemptionTerms } from './redemption.js';

const COLUMNS = `redemptions.booking_id as "bookingId", redemptions.code, redemptions.user_id as "userId",
  eligible_paise as "eligiblePaise", discount_paise as "discountPaise", status`;

const FIND = { name: 'find-redemption', text: `select ${COLUMNS} from redemptions where booking_id = $1` };

/**
 * One statement, so that the code's row is locked for as short as can be: `for update` reads the newest
 * version of the row, which no concurrent caller can then change; the customer's counter says whether one
 * more is allowed; only then both count. The counters are locked code first, customer second, everywhere.
 */
const TAKE = {
  name: 'take-redemption',
  text: `
    with free as (
      select code, per_user_limit from discount_codes
      where code = $3 and active and (total_limit is null or uses < total_limit)
      for update
    ), customer as (
      insert into customer_uses as counter (code, user_id, uses) select code, $2, 1 from free
      on conflict on constraint customer_uses_pkey do update set uses = counter.uses + 1
        where counter.uses < coalesce((select per_user_limit from free), counter.uses + 1)
      returning code
    ), counted as (
      update discount_codes set uses = uses + 1 from customer where discount_codes.code = customer.code
      returning discount_codes.code
    )
    insert into redemptions (booking_id, user_id, code, eligible_paise, discount_paise, status)
    select $1, $2, counted.code, $4, $5, 'HELD' from counted
    returning ${COLUMNS}`,
};

const CONFIRM = {
  name: 'confirm-redemption',
  text: `update redemptions set status = 'REDEEMED', updated_at = now()
    where booking_id = $1 and status = any($2) returning ${COLUMNS}`,
};

/** The insert reads `locked`, which makes the code's row the first that is locked here too. */
const RELEASE = {
  name: 'release-redemption',
  text: `
    with locked as (
      select code from discount_codes
      where code = (select code from redemptions where booking_id = $1) for update
    ), released as (
      insert into redemptions (booking_id, status) select $1, 'RELEASED' from (select count(*) from locked) as first
      on conflict on constraint redemptions_pkey do update set status = 'RELEASED', updated_at = now()
        where redemptions.status = any($2)
      returning code, user_id
    ), customer as (
      update customer_uses set uses = uses - 1 from released
      where customer_uses.code = released.code and customer_uses.user_id = released.user_id
    )
    update discount_codes set uses = uses - 1 from released where discount_codes.code = released.code`,
};

/** The redemptions of all bookings, with the counters that hold the limits. */
export class RedemptionRepository {
  async find(queries: Queries, bookingId: number): Promise<Redemption | undefined> {
    return queries.maybeRow<Redemption>(FIND, [bookingId]);
  }

  /**
   * Takes one use of a code for a booking, if one is left for this customer and the booking has none. When
   * there is nothing to take any more the answer is undefined, and the caller looks again for the reason.
   */
  async take(
    queries: Queries,
    { bookingId, userId, code, eligiblePaise }: RedemptionTerms,
    discountPaise: number,
  ): Promise<Redemption | undefined> {
    try {
      return await queries.maybeRow<Redemption>(TAKE, [
        bookingId,
        userId,
        code,
        eligiblePaise,
        discountPaise,
      ]);
    } catch (error) {
      if (uniqueViolationOf(error) === 'redemptions_pkey' || isRetryable(error)) return undefined;
      throw error;
    }
  }

  /** The redemption once it is redeemed; undefined when it is not held. */
  async confirm(queries: Queries, bookingId: number): Promise<Redemption | undefined> {
    return queries.maybeRow<Redemption>(CONFIRM, [bookingId, statesBefore('REDEEMED')]);
  }

  /** Gives the use back, once; a booking that has no redemption gets one that is released. */
  async release(database: Database, bookingId: number): Promise<void> {
    await database.transaction((tx) => tx.execute(RELEASE, [bookingId, statesBefore('RELEASED')]));
  }
}
