import type { Redemption as RedemptionView } from '@flight-booking/contracts';
import type { Redemption } from './redemption.js';

/** A redemption for booking-service; a booking that never had a code gets an empty one. */
export function toRedemptionView(redemption: Redemption): RedemptionView {
  const { bookingId, status } = redemption;
  return redemption.code === null
    ? { booking_id: bookingId, code: '', discount_paise: 0, status }
    : { booking_id: bookingId, code: redemption.code, discount_paise: redemption.discountPaise, status };
}
