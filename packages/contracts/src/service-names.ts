/**
 * The services that call others, as their tokens name them (`SERVICE_CLIENT_ID`). A route between services names its
 * callers with these, and an event the service that tells it.
 */
export const serviceName = {
  flightSearch: 'flight-search-service',
  seat: 'seat-service',
  booking: 'booking-service',
  payment: 'payment-service',
  discount: 'discount-service',
  ticket: 'ticket-service',
} as const;
