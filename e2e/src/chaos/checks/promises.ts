import type { AuditDatabases } from '../../audit/audit-databases.js';
import type { History, Told } from '../history.js';
import type { BrokenCheck } from './finding.js';
import { doubleGrants, NO_SEAT_TWICE } from './seat-grants.js';

/** A booking as the database has it in the end. */
interface StoredBooking {
  readonly booking_id: number;
  readonly user_id: number;
  readonly pnr: string;
  readonly status: string;
  readonly amount_due_paise: number;
  readonly refund_paise: number | null;
  readonly seats: string;
  readonly confirmed: boolean;
  readonly flights: readonly number[];
}

const STORED_BOOKINGS = `
  select booking_id::integer, user_id::integer, pnr, status, amount_due_paise::integer, refund_paise::integer,
    confirmed_at is not null as confirmed,
    (select string_agg(flight_id || '/' || seat_number, ' ' order by flight_id, seat_number) from booking_seats s
      where s.booking_id = b.booking_id) as seats,
    (select array_agg(flight_id::integer) from booking_flights f where f.booking_id = b.booking_id) as flights
  from bookings b where amount_due_paise is not null`;

/** Compares what every client was told with what the databases say in the end. */
export async function brokenPromises(history: History, databases: AuditDatabases): Promise<BrokenCheck[]> {
  const rows = await databases.rows<StoredBooking>('booking-service', STORED_BOOKINGS);
  const stored = new Map(rows.map((row) => [row.booking_id, row]));
  const tickets = await databases.rows<{ ticket_id: number; booking_id: number }>(
    'ticket-service',
    'select ticket_id::integer, booking_id::integer from tickets',
  );
  const findings: BrokenCheck[] = [
    {
      check: 'H1',
      statement: 'Every booking that a customer was told of exists as they were told',
      offenders: history.of('book', 'ok').flatMap((told) => lostBooking(told, stored)),
    },
    {
      check: 'H2',
      statement: 'Under one key there is one booking, and none that nobody asked for',
      offenders: [...twiceUnderOneKey(history), ...unasked(history, rows)],
    },
    {
      check: 'H3',
      statement: NO_SEAT_TWICE,
      offenders: doubleGrants(history),
    },
    {
      check: 'H4',
      statement: 'A booking that was told to be paid stays so unless somebody asked to cancel it',
      offenders: history.of('pay', 'ok').flatMap((told) => lostPayment(told, history, stored)),
    },
    {
      check: 'H5',
      statement: 'A cancellation that was told stands, and gives back what was told and quoted',
      offenders: history.of('cancel', 'ok').flatMap((told) => lostCancellation(told, stored)),
    },
    {
      check: 'H6',
      statement: 'Every ticket that was told of exists',
      offenders: history
        .of('ticket', 'ok')
        .filter(
          ({ answer }) =>
            !tickets.some(
              ({ ticket_id, booking_id }) =>
                ticket_id === answer.ticket_id && booking_id === answer.booking_id,
            ),
        )
        .map(({ answer }) => `ticket ${answer.ticket_id} of booking ${answer.booking_id}`),
    },
    {
      check: 'I30',
      statement: "No customer was shown another one's data",
      offenders: history.leaks,
    },
  ];
  return findings.filter(({ offenders }) => offenders.length > 0);
}

function lostBooking({ userId, answer }: Told, stored: ReadonlyMap<number, StoredBooking>): string[] {
  const booking = stored.get(answer.booking_id);
  const told = {
    user_id: userId,
    pnr: answer.pnr,
    amount_due_paise: Math.round(answer.amount_due * 100),
    seats: answer.seats
      .map((seat: { flight_id: number; seat_number: string }) => `${seat.flight_id}/${seat.seat_number}`)
      .toSorted()
      .join(' '),
  };
  if (booking === undefined) return [`booking ${answer.booking_id} of customer ${userId} does not exist`];
  const seats = booking.seats.split(' ').toSorted().join(' ');
  const wrong = Object.entries(told).filter(
    ([field, value]) => (field === 'seats' ? seats : booking[field as 'pnr']) !== value,
  );
  return wrong.map(
    ([field, value]) =>
      `booking ${answer.booking_id}: ${field} is ${String(booking[field as 'pnr'])}, told was ${String(value)}`,
  );
}

function twiceUnderOneKey(history: History): string[] {
  const byKey = new Map<string, Set<number>>();
  for (const { key, userId, answer } of history.of('book', 'ok')) {
    const name = `customer ${userId}, key ${key}`;
    byKey.set(name, (byKey.get(name) ?? new Set()).add(answer.booking_id));
  }
  return [...byKey]
    .filter(([, bookings]) => bookings.size > 1)
    .map(([name, bookings]) => `${name}: bookings ${[...bookings].join(', ')}`);
}

/** A booking that nobody was told of must stem from a request whose outcome is unknown, each from another one. */
function unasked(history: History, rows: readonly StoredBooking[]): string[] {
  const told = new Set(history.of('book', 'ok').map(({ answer }) => answer.booking_id as number));
  const known = new Set(history.of('book', 'ok').map(({ key }) => key));
  const unknown = new Map<number, Set<string | undefined>>();
  for (const { userId, key } of history.of('book', 'unknown')) {
    if (!known.has(key)) unknown.set(userId, (unknown.get(userId) ?? new Set()).add(key));
  }
  const untold = new Map<number, number[]>();
  for (const { booking_id: bookingId, user_id: userId } of rows) {
    if (!told.has(bookingId)) untold.set(userId, [...(untold.get(userId) ?? []), bookingId]);
  }
  return [...untold]
    .filter(([userId, bookings]) => bookings.length > (unknown.get(userId)?.size ?? 0))
    .map(
      ([userId, bookings]) =>
        `customer ${userId} has ${bookings.length} bookings (${bookings.join(', ')}) from ${unknown.get(userId)?.size ?? 0} unknown requests`,
    );
}

function lostPayment(
  { userId, answer }: Told,
  history: History,
  stored: ReadonlyMap<number, StoredBooking>,
): string[] {
  if (answer.booking_status !== 'CONFIRMED') return [];
  const booking = stored.get(answer.booking_id);
  if (booking === undefined || !booking.confirmed)
    return [`booking ${answer.booking_id} of customer ${userId} was told to be paid and is not`];
  if (booking.status === 'CONFIRMED' || booking.status === 'TICKETED') return [];
  const asked = [...history.of('cancel'), ...history.of('cancel-flight')].some(
    ({ path }) =>
      path === `/api/bookings/${answer.booking_id}/cancel` ||
      booking.flights.some((flightId) => path === `/api/flights/${flightId}/cancel`),
  );
  return asked ? [] : [`booking ${answer.booking_id} is ${booking.status}, and nobody asked for that`];
}

function lostCancellation({ answer, asked }: Told, stored: ReadonlyMap<number, StoredBooking>): string[] {
  const booking = stored.get(answer.booking_id);
  if (booking?.status !== 'CANCELLED')
    return [`booking ${answer.booking_id} was told to be cancelled and is ${booking?.status ?? 'missing'}`];
  const told = Math.round((answer.cancellation?.refund?.amount ?? 0) * 100);
  if (booking.refund_paise === told || (told === 0 && !booking.confirmed)) return [];
  return [
    `booking ${answer.booking_id}: ${booking.refund_paise} paise come back, told were ${told} (quote ${asked?.quote_id ?? 'none'})`,
  ];
}
