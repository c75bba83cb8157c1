import type { Cabin, PriceLineDetail, ReservedSeat } from '@flight-booking/contracts';

/** The lines of one flight and one cabin of a booking. */
export interface FareGroup {
  readonly flightId: number;
  readonly cabin: Cabin;
  readonly lines: readonly PriceLineDetail[];
}

type SeatInCabin = Pick<ReservedSeat, 'flight_id' | 'cabin'>;

/**
 * Reads the lines of a booking back by flight and cabin. A line does not say its cabin; but `priceOf` writes the
 * groups in the order in which their first seats stand, and begins each with its base fare.
 *
 * @param seats in the order in which they were priced: by flight, then by passenger
 */
export function fareGroupsOf(lines: readonly PriceLineDetail[], seats: readonly SeatInCabin[]): FareGroup[] {
  const groups: PriceLineDetail[][] = [];
  for (const line of lines) {
    if (line.kind === 'base_fare') groups.push([]);
    groups.at(-1)?.push(line);
  }
  const cabins = cabinsOf(seats);
  if (cabins.length !== groups.length)
    throw new Error(`There are prices of ${groups.length} cabins and seats in ${cabins.length}.`);
  return cabins.map(({ flight_id: flightId, cabin }, index) => {
    const group = groups[index] ?? [];
    if (group.some((line) => line.flight_id !== flightId))
      throw new Error(`The prices of flight ${flightId} are mixed with those of another.`);
    return { flightId, cabin, lines: group };
  });
}

/** Each flight and cabin once, in order of first appearance. */
const cabinsOf = (seats: readonly SeatInCabin[]): SeatInCabin[] => [
  ...new Map(seats.map((seat) => [`${seat.flight_id}/${seat.cabin}`, seat])).values(),
];
