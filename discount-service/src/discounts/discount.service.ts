import { pageOf, type Page } from '@flight-booking/contracts';
import type { Database } from '@flight-booking/platform';
import type { FlightSearchClient } from '../flights/flight-search.client.js';
import {
  discountOn,
  refusalOf,
  unknownCode,
  type Discount,
  type DiscountTerms,
  type Refusal,
} from './discount.js';
import { DiscountNotFound } from './discount.errors.js';
import type { DiscountRepository } from './discount.repository.js';

/** What a customer asks about a code. */
export interface Question {
  readonly code: string;
  readonly userId: number;
  readonly eligiblePaise?: number | undefined;
  readonly flightId?: number | undefined;
}

/** The answer: what the code gives, or why it gives nothing. */
export type Verdict =
  | { readonly valid: true; readonly discount: Discount; readonly discountPaise?: number }
  | ({ readonly valid: false } & Refusal);

/** Tells customers what a code is worth, and lets administrators make and disable codes. */
export class DiscountService {
  constructor(
    private readonly database: Database,
    private readonly discounts: DiscountRepository,
    private readonly flightSearch: FlightSearchClient,
  ) {}

  /** Nothing is taken by asking. @throws FlightNotFound */
  async validate({ code, userId, eligiblePaise, flightId }: Question): Promise<Verdict> {
    const [discount, airline] = await Promise.all([
      this.discounts.findForCustomer(this.database, code, userId),
      flightId === undefined ? undefined : this.flightSearch.airlineOf(flightId),
    ]);
    if (discount === undefined) return { valid: false, ...unknownCode(code) };
    const refusal = refusalOf(discount, {
      now: discount.now,
      customerUses: discount.customerUses,
      eligiblePaise,
      airlineCodes: airline === undefined ? undefined : [airline],
    });
    if (refusal !== undefined) return { valid: false, ...refusal };
    if (eligiblePaise === undefined) return { valid: true, discount };
    return { valid: true, discount, discountPaise: discountOn(discount, eligiblePaise) };
  }

  /** @throws CodeTaken */
  create(terms: DiscountTerms): Promise<Discount> {
    return this.discounts.add(this.database, terms);
  }

  /** Bookings that hold the code keep their discount. @throws DiscountNotFound */
  async disable(code: string): Promise<Discount> {
    const discount = await this.discounts.disable(this.database, code);
    if (discount === undefined) throw new DiscountNotFound(code);
    return discount;
  }

  /** A page of codes in their order. */
  async list(limit: number, after: string | undefined): Promise<Page<Discount>> {
    const found = await this.discounts.list(this.database, limit + 1, after);
    return pageOf(found, limit, ({ code }) => code);
  }
}
