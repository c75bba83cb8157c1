import { uniqueViolationOf, type Queries } from '@flight-booking/platform';
import type { Discount, DiscountTerms } from './discount.js';
import { CodeTaken } from './discount.errors.js';

const COLUMNS = `discount_codes.code, description, type, percent_rate as "percentRate", amount_paise as "amountPaise",
  max_discount_paise as "maxDiscountPaise", minimum_amount_paise as "minimumAmountPaise", total_limit as "totalLimit",
  per_user_limit as "perUserLimit", valid_from as "validFrom", valid_until as "validUntil",
  airline_code as "airlineCode", active, discount_codes.uses, created_at as "createdAt"`;

const FIND_FOR_CUSTOMER = {
  name: 'find-discount-for-customer',
  text: `select ${COLUMNS}, coalesce(customer_uses.uses, 0) as "customerUses", now()
    from discount_codes
    left join customer_uses on customer_uses.code = discount_codes.code and customer_uses.user_id = $2
    where discount_codes.code = $1`,
};

/** A code as one customer finds it. */
export type CustomerDiscount = Discount & {
  /** Uses that the customer has of it. */
  readonly customerUses: number;
  /** When that was so, by the database's clock. */
  readonly now: Date;
};

/** The codes that there are. */
export class DiscountRepository {
  async findForCustomer(
    queries: Queries,
    code: string,
    userId: number,
  ): Promise<CustomerDiscount | undefined> {
    return queries.maybeRow<CustomerDiscount>(FIND_FOR_CUSTOMER, [code, userId]);
  }

  /** @throws CodeTaken */
  async add(queries: Queries, terms: DiscountTerms): Promise<Discount> {
    const percent = terms.type === 'percent' ? terms : undefined;
    try {
      return await queries.row<Discount>(
        `insert into discount_codes
           (code, description, type, percent_rate, max_discount_paise, amount_paise, minimum_amount_paise,
            total_limit, per_user_limit, valid_from, valid_until, airline_code)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         returning ${COLUMNS}`,
        [
          terms.code,
          terms.description,
          terms.type,
          percent?.percentRate ?? null,
          percent?.maxDiscountPaise ?? null,
          terms.type === 'flat' ? terms.amountPaise : null,
          terms.minimumAmountPaise,
          terms.totalLimit,
          terms.perUserLimit,
          terms.validFrom,
          terms.validUntil,
          terms.airlineCode,
        ],
      );
    } catch (error) {
      if (uniqueViolationOf(error) === 'discount_codes_pkey')
        throw new CodeTaken(terms.code, { cause: error });
      throw error;
    }
  }

  /** The code as it is once disabled; undefined when there is none. */
  async disable(queries: Queries, code: string): Promise<Discount | undefined> {
    return queries.maybeRow<Discount>(
      `update discount_codes set active = false where code = $1 returning ${COLUMNS}`,
      [code],
    );
  }

  /** Codes in their order, from the one after `after`. */
  async list(queries: Queries, limit: number, after: string | undefined): Promise<Discount[]> {
    return queries.rows<Discount>(
      `select ${COLUMNS} from discount_codes where code > $2 order by code limit $1`,
      [limit, after ?? ''],
    );
  }
}
