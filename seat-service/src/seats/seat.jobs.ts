import { id } from '@flight-booking/contracts';
import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';
import type { ChangeJob } from '../flights/flight.repository.js';

/** Tells everybody who keeps a picture of a flight's seats that it has changed. */
export const announceSeats = defineJob('announce-seats', z.strictObject({ flight_id: id }));

/** What changes of flights are announced by. Those of one flight that lie close together have one announcement. */
export const ANNOUNCEMENT: ChangeJob = { job: announceSeats, options: { key: 'announce-seats:%s' } };

/** Each quiet change has its own key: its announcement is taken back, and must not take another's with it. */
export const QUIET_ANNOUNCEMENT_KEY = 'announce-seats:%s:%s';

/** Who makes a quiet change tells Redis of it right after the commit, and has done so by then or died. */
const QUIET_FOR_MS = 2_000;

/** What quiet changes are announced by, unless Redis hears of them in time. */
export const QUIET_ANNOUNCEMENT: ChangeJob = {
  job: announceSeats,
  options: { key: QUIET_ANNOUNCEMENT_KEY, afterMs: QUIET_FOR_MS },
};
