/** Which service answers which part of the API; the variable holds the service's address. */
export const ROUTE_TABLE = [
  { prefix: '/api/auth', upstream: 'auth', variable: 'AUTH_URL' },
  { prefix: '/api/flights', upstream: 'flight-search', variable: 'FLIGHT_SEARCH_URL' },
  { prefix: '/api/airports', upstream: 'flight-search', variable: 'FLIGHT_SEARCH_URL' },
  { prefix: '/api/seats', upstream: 'seat', variable: 'SEAT_URL' },
  { prefix: '/api/bookings', upstream: 'booking', variable: 'BOOKING_URL' },
  { prefix: '/api/payments', upstream: 'payment', variable: 'PAYMENT_URL' },
  { prefix: '/api/discounts', upstream: 'discount', variable: 'DISCOUNT_URL' },
  { prefix: '/api/tickets', upstream: 'ticket', variable: 'TICKET_URL' },
  { prefix: '/api/invoices', upstream: 'ticket', variable: 'TICKET_URL' },
  { prefix: '/api/notifications', upstream: 'notification', variable: 'NOTIFICATION_URL' },
] as const;

const API_LENGTH = '/api/'.length;

/** Finds the entry for a path by its second segment; every prefix of the table has exactly two. */
export class RouteTable<Target> {
  private readonly targets: ReadonlyMap<string, Target>;

  constructor(targets: Iterable<readonly [prefix: string, target: Target]>) {
    this.targets = new Map(targets);
  }

  /** Undefined for everything that is not forwarded. */
  find(path: string): Target | undefined {
    const end = path.indexOf('/', API_LENGTH);
    return this.targets.get(end === -1 ? path : path.slice(0, end));
  }
}
