import { uniqueViolationOf, type Queries } from '@flight-booking/platform';
import { holdsUse, type Redemption, type RedemptionStatus, type RedemptionTerms } from './redemption.js';
import { RedemptionExists } from './redemption.errors.js';

const COLUMNS = `redemptions.booking_id as "bookingId", redemptions.code, redemptions.user_id as "userId",
  eligible_paise as "eligiblePaise", discount_paise as "discountPaise", status,
  taken_for_payment as "takenForPayment"`;

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

const LOCK_CODE = {
  name: 'lock-code-of-redemption',
  text: `select code from discount_codes where code = (select code from redemptions where booking_id = $1) for update`,
};

const LOCK = { name: 'lock-redemption', text: `${FIND.text} for update` };

const MOVE = {
  name: 'move-redemption',
  text: `update redemptions set status = $2, updated_at = now()
    where booking_id = $1 and status = $3 returning ${COLUMNS}`,
};

/** The counters of a booking's code and customer, by as many as given. */
const COUNT = {
  name: 'count-redemption',
  text: `
    with customer as (
      update customer_uses set uses = customer_uses.uses + $2 from redemptions
      where booking_id = $1 and customer_uses.code = redemptions.code and customer_uses.user_id = redemptions.user_id
    )
    update discount_codes set uses = uses + $2 from redemptions
    where booking_id = $1 and discount_codes.code = redemptions.code`,
};

const TAKE_FOR = {
  name: 'take-redemption-for-payment',
  text: 'update redemptions set taken_for_payment = $2 where booking_id = $1',
};

const REFUSE = {
  name: 'refuse-payments-of-redemption',
  text: `insert into refused_payments (booking_id, payment_id) select $1, unnest($2::bigint[]) on conflict do nothing`,
};

const IS_REFUSED = {
  name: 'payment-of-redemption-is-refused',
  text: `select exists (select from refused_payments where booking_id = $1 and payment_id = $2) as refused`,
};

const ADD_TOMBSTONE = {
  name: 'add-redemption-tombstone',
  text: `insert into redemptions (booking_id, status) values ($1, 'RELEASED') on conflict do nothing`,
};

/** The redemptions of all bookings, with the counters that hold the limits. */
export class RedemptionRepository {
  async find(queries: Queries, bookingId: number): Promise<Redemption | undefined> {
    return queries.maybeRow<Redemption>(FIND, [bookingId]);
  }

  /**
   * Takes one use of a code for a booking, if one is left for this customer. When there is nothing to take any
   * more the answer is undefined, and the caller looks again for the reason.
   * @throws RedemptionExists when the booking has a redemption; the transaction must then be rolled back
   */
  async take(
    tx: Queries,
    { bookingId, userId, code, eligiblePaise }: RedemptionTerms,
    discountPaise: number,
  ): Promise<Redemption | undefined> {
    try {
      return await tx.maybeRow<Redemption>(TAKE, [bookingId, userId, code, eligiblePaise, discountPaise]);
    } catch (error) {
      if (uniqueViolationOf(error) === 'redemptions_pkey')
        throw new RedemptionExists(bookingId, { cause: error });
      throw error;
    }
  }

  /** Holds the counters of a booking's code, then the redemption, until the transaction ends. */
  async lock(tx: Queries, bookingId: number): Promise<Redemption | undefined> {
    await tx.execute(LOCK_CODE, [bookingId]);
    return tx.maybeRow<Redemption>(LOCK, [bookingId]);
  }

  /** The redemption once it has moved; undefined when it is not in the state it should move from. */
  async move(
    queries: Queries,
    bookingId: number,
    from: RedemptionStatus,
    to: RedemptionStatus,
  ): Promise<Redemption | undefined> {
    return queries.maybeRow<Redemption>(MOVE, [bookingId, to, from]);
  }

  /** Moves a locked redemption, and counts the use that it takes or gives back by that. */
  async moveAndCount(
    tx: Queries,
    { bookingId, status: from }: Redemption,
    to: RedemptionStatus,
  ): Promise<Redemption> {
    const change = Number(holdsUse(to)) - Number(holdsUse(from));
    if (change !== 0) await tx.execute(COUNT, [bookingId, change]);
    return tx.row<Redemption>(MOVE, [bookingId, to, from]);
  }

  /** Notes the payment for which a locked redemption holds its use. */
  async takeFor(tx: Queries, bookingId: number, paymentId: number): Promise<void> {
    await tx.execute(TAKE_FOR, [bookingId, paymentId]);
  }

  /** Records that these payments never take a use of a locked redemption again. */
  async refuse(tx: Queries, bookingId: number, paymentIds: readonly number[]): Promise<void> {
    await tx.execute(REFUSE, [bookingId, paymentIds]);
  }

  async isRefused(tx: Queries, bookingId: number, paymentId: number): Promise<boolean> {
    return (await tx.row<{ refused: boolean }>(IS_REFUSED, [bookingId, paymentId])).refused;
  }

  /** Records that a booking never takes a use. Returns whether it had no redemption. */
  async addTombstone(tx: Queries, bookingId: number): Promise<boolean> {
    return (await tx.execute(ADD_TOMBSTONE, [bookingId])) === 1;
  }
}
