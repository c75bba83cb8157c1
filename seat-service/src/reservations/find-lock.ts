import type { LiveLock, LockedSeats } from '../seats/seat.js';

/** The seats of each flight that one lock of a user holds, when it holds the flights and the number asked for. */
export function findLock(
  locksByFlight: ReadonlyMap<number, readonly LiveLock[]>,
  userId: number,
  seatsPerFlight: number,
  lockId: number | undefined,
): { readonly lockId: number; readonly flights: LockedSeats[] } | undefined {
  const flightIds = [...locksByFlight.keys()];
  const mine = (flightId: number, id: number): string[] =>
    (locksByFlight.get(flightId) ?? [])
      .filter((lock) => lock.userId === userId && lock.lockId === id)
      .map(({ seatNumber }) => seatNumber);
  const candidates = new Set([...locksByFlight.values()].flat().map((lock) => lock.lockId));
  for (const candidate of candidates) {
    if (lockId !== undefined && candidate !== lockId) continue;
    const flights = flightIds.map((flightId) => ({ flightId, seatNumbers: mine(flightId, candidate) }));
    if (flights.every(({ seatNumbers }) => seatNumbers.length === seatsPerFlight))
      return { lockId: candidate, flights };
  }
  return undefined;
}
