import { SERVICES, type LocalStack, type ServiceName } from '@flight-booking/local-stack';
import type { Random } from './random.js';

/** Something that breaks at a moment. */
export type Fault =
  | { readonly kind: 'kill'; readonly service: ServiceName; readonly copy: number }
  | { readonly kind: 'cut-connections'; readonly service: ServiceName }
  | { readonly kind: 'postgres-restart' | 'postgres-crash' }
  | { readonly kind: 'redis-restart' | 'redis-crash' | 'redis-flush' };

/** A fault and when it strikes, counted from the start of the load. */
export interface ScheduledFault {
  readonly atMs: number;
  readonly fault: Fault;
}

/** Which faults there are, and how far apart. */
export interface FaultPlan {
  readonly durationMs: number;
  readonly everyMs: number;
  readonly copies: number;
  /** Only these, in turn; everything when absent. */
  readonly only?: readonly Fault[];
}

/** Nothing breaks while the first customers have not got anywhere, nor in the last moments. */
const QUIET_MS = 2_000;

/** The faults that every copy of every service, the databases and Redis have, each once. */
export function allFaults(copies: number): Fault[] {
  const kills = SERVICES.flatMap(({ name }) =>
    Array.from({ length: name === 'api-gateway' ? 1 : copies }, (_, copy): Fault => ({
      kind: 'kill',
      service: name,
      copy,
    })),
  );
  const cuts = SERVICES.flatMap(({ name }): Fault[] =>
    name === 'api-gateway' ? [] : [{ kind: 'cut-connections', service: name }],
  );
  return [
    ...kills,
    ...cuts,
    { kind: 'postgres-restart' },
    { kind: 'postgres-crash' },
    { kind: 'redis-restart' },
    { kind: 'redis-crash' },
    { kind: 'redis-flush' },
    { kind: 'redis-flush' },
  ];
}

/** Every fault in a random order, and again when all have had their turn. */
export function faultSchedule(
  random: Random,
  { durationMs, everyMs, copies, only }: FaultPlan,
): ScheduledFault[] {
  const schedule: ScheduledFault[] = [];
  let turn: Fault[] = [];
  let atMs = QUIET_MS;
  while (atMs < durationMs - QUIET_MS) {
    if (turn.length === 0) turn = only === undefined ? random.shuffled(allFaults(copies)) : [...only];
    const fault = turn.shift();
    if (fault === undefined) break;
    schedule.push({ atMs: Math.round(atMs), fault });
    atMs += everyMs * (0.5 + random.next());
  }
  return schedule;
}

/** Breaks it. Resolves when the server that was broken runs again; services come back by themselves. */
export async function inject(stack: LocalStack, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case 'kill':
      return stack.kill(fault.service, fault.copy);
    case 'cut-connections':
      await stack.cutDatabaseConnections(fault.service);
      return undefined;
    case 'postgres-restart':
      return stack.restartPostgres({ crash: false });
    case 'postgres-crash':
      return stack.restartPostgres({ crash: true });
    case 'redis-restart':
      return stack.restartRedis({ crash: false });
    case 'redis-crash':
      return stack.restartRedis({ crash: true });
    case 'redis-flush':
      return stack.flushRedis();
  }
}

/** How a fault is called in reports. */
export const nameOfFault = (fault: Fault): string =>
  'service' in fault ? `${fault.kind} ${fault.service}` : fault.kind;
