import {
  CURRENCY,
  offeredFareOf,
  paiseToRupees,
  type Cabin,
  type FareBrand,
} from '@flight-booking/contracts';
import { DomainError } from '@flight-booking/platform';
import type { CurrentFare, FareDifference } from './fare-choice.js';

/** The flight has no fare of that brand, or not in that cabin. */
export class FareNotSold extends DomainError {
  static readonly slug = 'fare-not-sold';
  static readonly kind = 'unprocessable';
  static readonly title = 'The flight has no such fare';

  constructor(flightId: number, brand: FareBrand, cabin?: Cabin) {
    super(`Flight ${flightId} is not sold as ${cabin === undefined ? brand : `${cabin} ${brand}`}.`, {
      flight_id: flightId,
      brand,
      ...(cabin !== undefined && { cabin }),
    });
  }
}

/**
 * A fare is not what the customer was shown. Nothing was booked and the seats stay locked; `offer.fares` are what to
 * show now, and to send as `shown_fares` by whoever agrees.
 */
export class PriceChanged extends DomainError {
  static readonly slug = 'price-changed';
  static readonly kind = 'conflict';
  static readonly title = 'The price has changed';

  constructor(brand: FareBrand, differences: readonly FareDifference[], current: readonly CurrentFare[]) {
    super(
      'A fare is not what you were shown, and nothing was booked; your seats stay locked. ' +
        'Look at `offer` and send its `fares` as `shown_fares` to book at this price.',
      {
        currency: CURRENCY,
        differences: differences.map(toDifferenceView),
        offer: { brand, fares: current.map(({ flightId, fare }) => offeredFareOf(flightId, fare)) },
      },
    );
  }
}

const toDifferenceView = ({ flightId, cabin, item, shownPaise, nowPaise }: FareDifference) => ({
  flight_id: flightId,
  cabin,
  item,
  shown: paiseToRupees(shownPaise),
  now: paiseToRupees(nowPaise),
  difference: paiseToRupees(nowPaise - shownPaise),
});
