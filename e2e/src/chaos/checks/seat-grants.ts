import type { History, Told } from '../history.js';

/** What the check says. */
export const NO_SEAT_TWICE = 'No seat was promised to two customers at once';

/** For a time, a seat was promised to one customer. */
interface Grant {
  readonly seat: string;
  readonly owner: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Seats that two customers were promised at overlapping times. A promise begins when its customer hears of it, and
 * counts until it ends by itself, its customer asks for something that may end it, or something happens that ends it
 * rightly: Redis may lose locks, and nothing else may lose anything.
 */
export function doubleGrants(history: History): string[] {
  const grants = [...lockGrants(history), ...bookingGrants(history)];
  const bySeat = new Map<string, Grant[]>();
  for (const grant of grants) {
    if (grant.to <= grant.from) continue;
    const seats = bySeat.get(grant.seat) ?? [];
    seats.push(grant);
    bySeat.set(grant.seat, seats);
  }
  return [...bySeat.values()].flatMap(overlaps);
}

function overlaps(grants: Grant[]): string[] {
  const found: string[] = [];
  let latest: Grant | undefined;
  for (const grant of grants.toSorted((a, b) => a.from - b.from)) {
    if (latest !== undefined && grant.from < latest.to && customerOf(grant) !== customerOf(latest))
      found.push(
        `${grant.seat} was promised to ${latest.owner} until ${timeOf(latest.to)} and to ${grant.owner} from ${timeOf(grant.from)}`,
      );
    if (latest === undefined || grant.to > latest.to) latest = grant;
  }
  return found;
}

const customerOf = ({ owner }: Grant): string => owner.split(',')[0] ?? '';
const timeOf = (ms: number): string =>
  ms === Infinity ? 'it is cancelled' : new Date(ms).toISOString().slice(11, 23);

/** A lock holds from its answer until it expires, is given back or booked, or Redis loses it. */
function lockGrants(history: History): Grant[] {
  const ends = [...history.of('unlock'), ...history.of('book')];
  return history.of('lock', 'ok').flatMap((told) => {
    const { lock_id: lockId, expires_at: expiresAt } = told.answer;
    const asked = ends
      .filter(({ path, asked: body }) => path.endsWith(`/${lockId}`) || body?.lock_id === lockId)
      .map(({ askedAt }) => askedAt);
    const lost = history.lockLosses
      .filter((loss) => loss.to >= told.askedAt)
      .map((loss) => Math.max(loss.from, told.askedAt));
    const to = Math.min(Date.parse(expiresAt), ...asked, ...lost);
    return seatsOf(told).map((seat) => ({
      seat,
      owner: `customer ${told.userId}, lock ${lockId}`,
      from: told.answeredAt,
      to,
    }));
  });
}

/** A booking has its seats until its time is over, and when it is paid until somebody asks to cancel it. */
function bookingGrants(history: History): Grant[] {
  const cancels = history.of('cancel');
  const withdrawals = history.of('cancel-flight');
  return uniqueBookings(history).flatMap((told) => {
    const { booking_id: bookingId, expires_at: expiresAt } = told.answer;
    const paid = history
      .of('pay', 'ok')
      .some(({ answer }) => answer.booking_id === bookingId && answer.booking_status === 'CONFIRMED');
    const ended = [
      ...cancels.filter(({ path }) => path === `/api/bookings/${bookingId}/cancel`),
      ...withdrawals.filter(({ path }) =>
        told.answer.seats.some(
          ({ flight_id: flightId }: { flight_id: number }) => path === `/api/flights/${flightId}/cancel`,
        ),
      ),
    ].map(({ askedAt }) => askedAt);
    const to = Math.min(paid ? Infinity : Date.parse(expiresAt), ...ended);
    return seatsOf(told).map((seat) => ({
      seat,
      owner: `customer ${told.userId}, booking ${bookingId}`,
      from: told.answeredAt,
      to,
    }));
  });
}

/** The first answer about each booking; a repeated one may be as old as its key. */
function uniqueBookings(history: History): Told[] {
  const first = new Map<number, Told>();
  for (const told of history.of('book', 'ok')) {
    const known = first.get(told.answer.booking_id);
    if (told.answer.status === 'PENDING' && (known === undefined || told.answeredAt < known.answeredAt))
      first.set(told.answer.booking_id, told);
  }
  return [...first.values()];
}

/** The seats that an answer names, as `flight/seat`. */
function seatsOf({ action, answer }: Told): string[] {
  if (action === 'book')
    return answer.seats.map(
      ({ flight_id, seat_number }: { flight_id: number; seat_number: string }) =>
        `${flight_id}/${seat_number}`,
    );
  const flights = answer.flights ?? [{ flight_id: answer.flight_id, seats: answer.seats }];
  return flights.flatMap(({ flight_id, seats }: { flight_id: number; seats: string[] }) =>
    seats.map((seat) => `${flight_id}/${seat}`),
  );
}
