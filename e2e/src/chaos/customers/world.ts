import type { Client } from './client.js';

/** What customers of a run can buy. */
export interface World {
  /** Flights with room for everybody: some leave soon, so that cancelling costs, and some leave late. */
  readonly flights: readonly number[];
  /** Pairs of flights that connect. */
  readonly connections: readonly (readonly [number, number])[];
  /** Flights on which everybody wants one of the same few seats. */
  readonly hotFlights: readonly number[];
  readonly hotSeats: readonly string[];
  /** Flights that the airline is going to withdraw, one after the other. */
  readonly doomedFlights: readonly number[];
  /** Codes that have fewer uses than there are customers. */
  readonly codes: readonly string[];
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const SOON_DAYS = 3;
const LATE_DAYS = 30;
const HOT_SEATS = ['1A', '1C', '2A'] as const;
const CODE_LIMITS = [5, 12] as const;

/** Adds the flights and discount codes of a run, as an administrator does. */
export async function createWorld(admin: Client, doomed: number): Promise<World> {
  let number = 9_000;
  const add = async (
    days: number,
    source: string,
    destination: string,
    offsetMinutes = 0,
  ): Promise<number> => {
    const departure =
      Math.ceil((Date.now() + days * DAY_MS) / MINUTE_MS) * MINUTE_MS + offsetMinutes * MINUTE_MS;
    number += 1;
    const told = await admin.insist({
      action: 'other',
      path: '/api/flights',
      body: {
        airline: '6E',
        flight_number: `6E ${number}`,
        source,
        destination,
        departure_time: new Date(departure).toISOString(),
        arrival_time: new Date(departure + 100 * MINUTE_MS).toISOString(),
        aircraft_type: 'ATR72',
        fares: { economy: { base_fare: 3_000 + (number % 7) * 110, fuel_surcharge: 400 } },
      },
    });
    if (told.status !== 201) throw new Error(`A flight could not be added: ${JSON.stringify(told.answer)}`);
    return told.answer.flight_id as number;
  };
  const all = <Item>(count: number, make: (index: number) => Promise<Item>): Promise<Item[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => make(index)));
  const flights = await all(8, (i) => add(i % 2 === 0 ? SOON_DAYS : LATE_DAYS, 'DEL', 'BLR', i * 10));
  const connections = await all(3, async (i) => {
    const first = await add(LATE_DAYS, 'DEL', 'BOM', i * 10);
    return [first, await add(LATE_DAYS, 'BOM', 'MAA', i * 10 + 260)] as const;
  });
  const hotFlights = await all(3, (i) => add(LATE_DAYS, 'BLR', 'HYD', i * 10));
  const doomedFlights = await all(doomed, (i) => add(LATE_DAYS, 'CCU', 'DEL', i * 10));
  const codes = await Promise.all(CODE_LIMITS.map((limit) => addCode(admin, limit)));
  return { flights, connections, hotFlights, hotSeats: HOT_SEATS, doomedFlights, codes };
}

async function addCode(admin: Client, limit: number): Promise<string> {
  const code = `CHAOS${limit}`;
  const told = await admin.insist({
    action: 'other',
    path: '/api/discounts',
    body: {
      code,
      description: `For the first ${limit}`,
      type: 'percent',
      percent: 10,
      total_limit: limit,
      per_user_limit: 2,
    },
  });
  if (told.status !== 201) throw new Error(`A code could not be added: ${JSON.stringify(told.answer)}`);
  return code;
}
