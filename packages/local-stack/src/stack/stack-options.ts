import type { UnexpectedExit } from '../processes/supervised-process.js';
import type { PerService, ProcessName, ServiceName } from '../services.js';
import type { Environment } from './service-environment.js';

/** What happens inside a stack that its owner may want to hear of. */
export type StackEvent =
  | { readonly type: 'installing-redis' }
  | { readonly type: 'starting-services' }
  | { readonly type: 'server-died'; readonly server: 'PostgreSQL' | 'Redis'; readonly restarting: boolean }
  | {
      readonly type: 'service-died';
      readonly service: ProcessName;
      /** Counted from 0. */
      readonly copy: number;
      readonly exit: UnexpectedExit;
    };

/** How to run a stack. */
export interface LocalStackOptions {
  /** The checkout, with the nine built services in it. */
  readonly rootDir: string;
  /** Holds data, secrets and logs; `.local` in the checkout or, when not persistent, a temporary folder. */
  readonly dataDir?: string;
  /** `documented` takes each service's port from its variable or its default, `free` takes any. */
  readonly ports: 'documented' | 'free';
  /** False forgets the data at the end, for tests. */
  readonly persistent: boolean;
  /**
   * False does not protect the data from a power cut, and Redis starts empty after a restart. As `persistent`
   * unless given.
   */
  readonly durable?: boolean;
  /** How many copies of every service but the gateway run, from 1 to 4; 1 unless given. */
  readonly replicas?: number;
  /**
   * Whether the nine services share one process and call each other without a connection. They are then stopped,
   * started and killed together, whichever is named, and there is one copy of them. False unless given.
   */
  readonly inOneProcess?: boolean;
  /**
   * Gives the address under which everybody reaches a service instead of its copies' own, for programs that stand
   * something between. Asked for each of the nine before any of them starts.
   */
  readonly frontOf?: (service: ServiceName, addresses: readonly string[]) => string | Promise<string>;
  /** Stands for this process's environment. */
  readonly env?: Environment;
  /** Further variables for single services. */
  readonly serviceEnv?: Partial<PerService<Readonly<Record<string, string>>>>;
  readonly onEvent?: (event: StackEvent) => void;
}
