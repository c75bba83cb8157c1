/** One of the nine services, as everything outside of its folder needs to know it. */
export interface ServiceDefinition {
  /** Also the folder and the client id. */
  readonly name: string;
  /** Starts the variables about it: `SEAT` for SEAT_PORT, SEAT_URL and SEAT_DATABASE_URL. */
  readonly prefix: string;
  readonly port: number;
  /** Its database and the role that owns it; the gateway has none. */
  readonly database?: string;
  readonly usesRedis: boolean;
  /** The services it sends requests to, by name. */
  readonly calls: readonly string[];
}

/** The nine services, in the order in which people read about them. */
export const SERVICES = [
  {
    name: 'api-gateway',
    prefix: 'GATEWAY',
    port: 8080,
    usesRedis: true,
    calls: [
      'auth-service',
      'flight-search-service',
      'seat-service',
      'booking-service',
      'payment-service',
      'discount-service',
      'ticket-service',
      'notification-service',
    ],
  },
  { name: 'auth-service', prefix: 'AUTH', port: 3000, database: 'auth', usesRedis: true, calls: [] },
  {
    name: 'flight-search-service',
    prefix: 'FLIGHT_SEARCH',
    port: 4000,
    database: 'flight_search',
    usesRedis: true,
    calls: ['auth-service', 'seat-service'],
  },
  {
    name: 'seat-service',
    prefix: 'SEAT',
    port: 5000,
    database: 'seat',
    usesRedis: true,
    calls: ['auth-service', 'flight-search-service'],
  },
  {
    name: 'booking-service',
    prefix: 'BOOKING',
    port: 6000,
    database: 'booking',
    usesRedis: false,
    calls: [
      'auth-service',
      'flight-search-service',
      'seat-service',
      'payment-service',
      'discount-service',
      'notification-service',
    ],
  },
  {
    name: 'payment-service',
    prefix: 'PAYMENT',
    port: 7000,
    database: 'payment',
    usesRedis: false,
    calls: ['auth-service', 'booking-service'],
  },
  {
    name: 'discount-service',
    prefix: 'DISCOUNT',
    port: 8000,
    database: 'discount',
    usesRedis: false,
    calls: ['auth-service', 'flight-search-service'],
  },
  {
    name: 'ticket-service',
    prefix: 'TICKET',
    port: 9000,
    database: 'ticket',
    usesRedis: false,
    calls: ['auth-service', 'booking-service'],
  },
  {
    name: 'notification-service',
    prefix: 'NOTIFICATION',
    port: 9100,
    database: 'notification',
    usesRedis: false,
    calls: ['auth-service'],
  },
] as const satisfies readonly ServiceDefinition[];

/** The name of a service, which is also its folder. */
export type ServiceName = (typeof SERVICES)[number]['name'];

/** A value for each of the nine services. */
export type PerService<T> = Readonly<Record<ServiceName, T>>;

/** Makes a value for each of the nine services. */
export function perService<T>(make: (service: ServiceDefinition, index: number) => T): PerService<T> {
  return Object.fromEntries(
    SERVICES.map((service, index) => [service.name, make(service, index)]),
  ) as PerService<T>;
}
