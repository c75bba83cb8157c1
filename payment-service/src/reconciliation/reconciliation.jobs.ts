import { defineJob } from '@flight-booking/platform';
import { z } from 'zod';

/** Compares the provider's books, ours and the bookings. */
export const reconcilePayments = defineJob('reconcile-payments', z.looseObject({}));
