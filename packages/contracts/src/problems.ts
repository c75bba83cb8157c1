/**
 * Names of the problems by which one service refuses another, and which both must know. A refusal of any other
 * name means that the two do not understand each other, never that the customer did something wrong.
 */
export const problemSlug = {
  amountMismatch: 'amount-mismatch',
  bookingCancelled: 'booking-cancelled',
  bookingExpired: 'booking-expired',
  bookingNotFound: 'booking-not-found',
  discountNotApplicable: 'discount-not-applicable',
  flightCancelled: 'flight-cancelled',
  flightDeparted: 'flight-departed',
  flightNotFound: 'flight-not-found',
  paymentOfAnotherBooking: 'payment-of-another-booking',
  redemptionDiffers: 'redemption-differs',
  redemptionNotFound: 'redemption-not-found',
  redemptionReleased: 'redemption-released',
  refundDiffers: 'refund-differs',
  reservationLimitReached: 'reservation-limit-reached',
  seatsLost: 'seats-lost',
  seatsNotLocked: 'seats-not-locked',
  seatsUnavailable: 'seats-unavailable',
} as const;
