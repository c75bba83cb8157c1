import { compose as composeGateway } from '@flight-booking/api-gateway/composition';
import { readConfig as readGateway } from '@flight-booking/api-gateway/config';
import { compose as composeAuth } from '@flight-booking/auth-service/composition';
import { readConfig as readAuth } from '@flight-booking/auth-service/config';
import { compose as composeBooking } from '@flight-booking/booking-service/composition';
import { readConfig as readBooking } from '@flight-booking/booking-service/config';
import { compose as composeDiscount } from '@flight-booking/discount-service/composition';
import { readConfig as readDiscount } from '@flight-booking/discount-service/config';
import { compose as composeFlightSearch } from '@flight-booking/flight-search-service/composition';
import { readConfig as readFlightSearch } from '@flight-booking/flight-search-service/config';
import { compose as composeNotification } from '@flight-booking/notification-service/composition';
import { readConfig as readNotification } from '@flight-booking/notification-service/config';
import { compose as composePayment } from '@flight-booking/payment-service/composition';
import { readConfig as readPayment } from '@flight-booking/payment-service/config';
import { compose as composeSeat } from '@flight-booking/seat-service/composition';
import { readConfig as readSeat } from '@flight-booking/seat-service/config';
import { compose as composeTicket } from '@flight-booking/ticket-service/composition';
import { readConfig as readTicket } from '@flight-booking/ticket-service/config';
import type { Service, Surroundings } from '@flight-booking/platform';
import type { Environment } from './config.js';

/** One of the services that share the process. */
export interface Member {
  /** Starts the variables that are meant for it alone: `SEAT` for SEAT_PORT and SEAT_DATABASE_URL. */
  readonly prefix: string;
  /** @throws InvalidConfig naming every bad variable */
  readonly make: (environment: Environment, surroundings: Surroundings) => Service;
}

/** The nine services; the gateway first, for it is what the outside asks. */
export const MEMBERS: readonly Member[] = [
  {
    prefix: 'GATEWAY',
    make: (environment, surroundings) => composeGateway(readGateway(environment), surroundings),
  },
  { prefix: 'AUTH', make: (environment, surroundings) => composeAuth(readAuth(environment), surroundings) },
  {
    prefix: 'FLIGHT_SEARCH',
    make: (environment, surroundings) => composeFlightSearch(readFlightSearch(environment), surroundings),
  },
  { prefix: 'SEAT', make: (environment, surroundings) => composeSeat(readSeat(environment), surroundings) },
  {
    prefix: 'BOOKING',
    make: (environment, surroundings) => composeBooking(readBooking(environment), surroundings),
  },
  {
    prefix: 'PAYMENT',
    make: (environment, surroundings) => composePayment(readPayment(environment), surroundings),
  },
  {
    prefix: 'DISCOUNT',
    make: (environment, surroundings) => composeDiscount(readDiscount(environment), surroundings),
  },
  {
    prefix: 'TICKET',
    make: (environment, surroundings) => composeTicket(readTicket(environment), surroundings),
  },
  {
    prefix: 'NOTIFICATION',
    make: (environment, surroundings) => composeNotification(readNotification(environment), surroundings),
  },
];
