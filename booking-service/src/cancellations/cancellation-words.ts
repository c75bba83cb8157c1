import { percentOf } from '@flight-booking/contracts';
import type { AppliedRule, CabinFee } from './cancellation-terms.js';

/** The rule that a quote follows, in a sentence for the customer. */
export function ruleInWords(applied: AppliedRule): string {
  switch (applied.rule) {
    case 'nothing_paid':
      return 'Nothing was paid, so nothing is kept and nothing comes back.';
    case 'flight_cancelled':
      return 'The airline cancelled a flight of the booking, so everything comes back.';
    case 'look_in':
      return (
        `The booking is at most ${applied.lookIn.hours} hours old and was made at least ` +
        `${applied.lookIn.noticeDays} days before departure, so everything comes back.`
      );
    case 'fee_before_departure':
      return `${applied.fees.map(feeInWords).join('. ')}. Taxes and airport fees come back.`;
  }
}

const feeInWords = ({ cabin, brand, hoursBefore, share }: CabinFee): string => {
  const when = hoursBefore === 0 ? 'Up to departure' : `At least ${hoursBefore} hours before departure`;
  return `${when}, ${percentOf(share)} % of the ${cabin} ${brand} fare and its fuel surcharge is kept`;
};
