import { id } from '@flight-booking/contracts';
import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** Tells everybody who keeps a picture of a flight's seats that it has changed. */
export const announceSeats = defineJob('announce-seats', z.strictObject({ flight_id: id }));

/** The id of a flight makes it whole. Changes of a flight that lie close together become one announcement. */
export const ANNOUNCEMENT_KEY = 'announce-seats:';

/** Of a quiet change, whose announcement is taken back and must not take another's with it. */
export const quietAnnouncementKey = (flightId: number, version: number): string =>
  `${ANNOUNCEMENT_KEY}${flightId}:${version}`;
