import { FAITHFUL } from '../fault-proxy.js';
import type { Scenario } from './mutant.js';

/** Everybody wants the same few seats, and nothing breaks. */
export const FEW_SEATS: Scenario = {
  name: 'few seats',
  options: {
    seed: 11,
    durationMs: 25_000,
    customers: 12,
    restMs: 100,
    faultEveryMs: 1_000,
    proxyFaults: FAITHFUL,
    only: [],
    journeys: ['last seat', 'abandoned lock'],
  },
};

/** Customers who come back to cancel what has expired. */
export const TOO_LATE: Scenario = {
  name: 'too late',
  options: {
    seed: 12,
    durationMs: 30_000,
    customers: 20,
    restMs: 100,
    faultEveryMs: 1_000,
    proxyFaults: FAITHFUL,
    only: [],
    journeys: ['too late', 'second thoughts'],
  },
};

/** Much happens that customers have to be told of, and whoever tells them is killed again and again. */
export const MESSENGERS_DIE: Scenario = {
  name: 'messengers die',
  options: {
    seed: 13,
    durationMs: 30_000,
    customers: 12,
    restMs: 50,
    faultEveryMs: 3_000,
    proxyFaults: FAITHFUL,
    only: [
      { kind: 'kill', service: 'notification-service', copy: 0 },
      { kind: 'kill', service: 'booking-service', copy: 0 },
    ],
    journeys: ['buy', 'doomed flight'],
  },
};

/** Bookings are cancelled while the connections of payment-service to its database break. */
export const REFUNDS_BREAK: Scenario = {
  name: 'refunds break',
  options: {
    seed: 14,
    durationMs: 35_000,
    customers: 14,
    restMs: 50,
    faultEveryMs: 1_000,
    proxyFaults: FAITHFUL,
    only: [{ kind: 'cut-connections', service: 'payment-service' }],
    journeys: ['buy', 'second thoughts'],
  },
};
