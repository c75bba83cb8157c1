import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** Forgets expired sessions. */
export const deleteExpiredSessions = defineJob('delete-expired-sessions', z.strictObject({}));
