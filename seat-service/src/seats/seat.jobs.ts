import { id } from '@flight-booking/contracts';
import { defineJob, type JobQueue, type Queries } from '@flight-booking/platform';
import { z } from 'zod';

/** Tells everybody who keeps a picture of a flight's seats that it has changed. */
export const announceSeats = defineJob('announce-seats', z.strictObject({ flight_id: id }));

/** Seats of these flights change. Changes of a flight that lie close together become one announcement. */
export async function announceLater(
  jobs: JobQueue,
  tx: Queries,
  flightIds: readonly number[],
): Promise<void> {
  for (const flightId of flightIds) {
    await jobs.add(tx, announceSeats, { flight_id: flightId }, { key: `announce-seats:${flightId}` });
  }
}
