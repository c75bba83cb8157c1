/** One of the nine services, as everything outside of its folder needs to know it. */
export interface ServiceDefinition {
  /** Also the folder and the client id. */
  readonly name: string;
  /** Starts the variables about it: `SEAT` for SEAT_PORT, SEAT_URL and SEAT_DATABASE_URL. */
  readonly prefix: string;
  readonly port: number;
  /** Its database and the role that owns it; the gateway has none. */
  readonly database?: string;
}

/** The nine services, in the order in which people read about them. */
export const SERVICES = [
  {
    name: 'api-gateway',
    prefix: 'GATEWAY',
    port: 8080,
  },
  { name: 'auth-service', prefix: 'AUTH', port: 3000, database: 'auth' },
  {
    name: 'flight-search-service',
    prefix: 'FLIGHT_SEARCH',
    port: 4000,
    database: 'flight_search',
  },
  {
    name: 'seat-service',
    prefix: 'SEAT',
    port: 5000,
    database: 'seat',
  },
  {
    name: 'booking-service',
    prefix: 'BOOKING',
    port: 6000,
    database: 'booking',
  },
  {
    name: 'payment-service',
    prefix: 'PAYMENT',
    port: 7000,
    database: 'payment',
  },
  {
    name: 'discount-service',
    prefix: 'DISCOUNT',
    port: 8000,
    database: 'discount',
  },
  {
    name: 'ticket-service',
    prefix: 'TICKET',
    port: 9000,
    database: 'ticket',
  },
  {
    name: 'notification-service',
    prefix: 'NOTIFICATION',
    port: 9100,
    database: 'notification',
  },
] as const satisfies readonly ServiceDefinition[];

/** The name of a service, which is also its folder. */
export type ServiceName = (typeof SERVICES)[number]['name'];

/** The folder of the program that holds all nine services in one process. */
export const ONE_PROCESS = 'one-process';

/** What runs as a process: a service, or all of them. */
export type ProcessName = ServiceName | typeof ONE_PROCESS;

/** A value for each of the nine services. */
export type PerService<T> = Readonly<Record<ServiceName, T>>;

/** Makes a value for each of the nine services. */
export function perService<T>(make: (service: ServiceDefinition, index: number) => T): PerService<T> {
  return Object.fromEntries(
    SERVICES.map((service, index) => [service.name, make(service, index)]),
  ) as PerService<T>;
}

/** How many copies of a service run. The others' copies stand behind the gateway, of which there is one. */
export function copiesOf(service: string, replicas: number): number {
  return service === 'api-gateway' ? 1 : replicas;
}

/** How people are told of a copy of a service: the first, which is there alone as a rule, by the name alone. */
export function copyName(service: ProcessName, copy: number): string {
  return copy === 0 ? service : `${service} (copy ${copy + 1})`;
}
