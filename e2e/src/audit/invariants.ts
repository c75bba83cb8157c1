import type { Invariant } from './invariant.js';
import { BOOKING_INVARIANTS } from './invariants/bookings.js';
import { DISCOUNT_INVARIANTS } from './invariants/discounts.js';
import { DOCUMENT_INVARIANTS } from './invariants/documents.js';
import { MESSAGE_INVARIANTS } from './invariants/messages.js';
import { MONEY_INVARIANTS } from './invariants/money.js';
import { SEAT_INVARIANTS } from './invariants/seats.js';

const numberOf = ({ id }: Invariant): number => Number.parseInt(id.slice(1), 10);

/** All that an audit looks at, by number. */
export const INVARIANTS: readonly Invariant[] = [
  ...SEAT_INVARIANTS,
  ...BOOKING_INVARIANTS,
  ...MONEY_INVARIANTS,
  ...DISCOUNT_INVARIANTS,
  ...DOCUMENT_INVARIANTS,
  ...MESSAGE_INVARIANTS,
].toSorted((a, b) => numberOf(a) - numberOf(b) || a.id.localeCompare(b.id));
