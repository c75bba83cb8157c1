import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SupervisedProcess, type UnexpectedExit } from '../processes/supervised-process.js';
import {
  ONE_PROCESS,
  SERVICES,
  type PerService,
  type ProcessName,
  type ServiceDefinition,
  type ServiceName,
} from '../services.js';
import { SetupError } from '../setup.errors.js';
import { sharedEnvironment, serviceEnvironment, type StackFacts } from './service-environment.js';

/** Where the services are, and what they are given besides what each is given anyway. */
export interface ServiceFleetOptions {
  readonly rootDir: string;
  readonly logDir: string;
  readonly serviceEnv: Partial<PerService<Readonly<Record<string, string>>>>;
  /** Whether all nine share one process. */
  readonly inOneProcess: boolean;
  readonly onDeath: (service: ProcessName, copy: number, exit: UnexpectedExit) => void;
}

const GATEWAY_HEAD_START_MS = 500;

/** The copies of the nine services as processes that are kept running, or all nine as one process. */
export class ServiceFleet {
  private readonly copies = new Map<ServiceName, readonly SupervisedProcess[]>();

  constructor(private readonly options: ServiceFleetOptions) {}

  /** @throws SetupError that names the services which have not been built */
  assertBuilt(): void {
    const programs: ProcessName[] = this.options.inOneProcess
      ? [ONE_PROCESS]
      : SERVICES.map(({ name }) => name);
    const missing = programs.filter((name) => !existsSync(this.scriptOf(name)));
    if (missing.length === 0) return;
    throw new SetupError(`Not built: ${missing.join(', ')}. Run: npm run build`);
  }

  /** Starts every copy; resolves before any of them is ready. */
  launch(facts: StackFacts): void {
    if (this.options.inOneProcess) {
      const shared = this.superviseAll(facts);
      for (const { name } of SERVICES) this.copies.set(name, [shared]);
      shared.start();
      return;
    }
    for (const service of SERVICES) {
      const processes = facts.ports[service.name].map((_port, copy) => this.supervise(service, copy, facts));
      this.copies.set(service.name, processes);
      for (const process of processes) process.start();
    }
  }

  /** The process of a copy, counted from 0. */
  processOf(service: ServiceName, copy: number): SupervisedProcess {
    const process = this.copies.get(service)?.[copy];
    if (process === undefined) throw new Error(`No copy ${copy} of ${service} has been started.`);
    return process;
  }

  /** Stops them all, the gateway first: it takes no new requests while those it has still find the services. */
  async stop(): Promise<void> {
    const gateways = this.copies.get('api-gateway') ?? [];
    const gatewayStop = Promise.all(gateways.map((gateway) => gateway.stop()));
    await Promise.race([gatewayStop, sleep(GATEWAY_HEAD_START_MS)]);
    const others = this.processes().filter((process) => !gateways.includes(process));
    await Promise.all([gatewayStop, ...others.map((process) => process.stop())]);
  }

  /** Ends every process at once, without waiting for it. */
  killNow(): void {
    for (const process of this.processes()) process.killNow();
  }

  private processes(): SupervisedProcess[] {
    return [...new Set([...this.copies.values()].flat())];
  }

  private supervise(service: ServiceDefinition, copy: number, facts: StackFacts): SupervisedProcess {
    const name = service.name as ServiceName;
    return this.keepRunning(name, copy, {
      ...serviceEnvironment(service, copy, facts),
      ...this.options.serviceEnv[name],
    });
  }

  private superviseAll(facts: StackFacts): SupervisedProcess {
    return this.keepRunning(ONE_PROCESS, 0, sharedEnvironment(facts, this.options.serviceEnv));
  }

  private keepRunning(
    name: ProcessName,
    copy: number,
    env: Readonly<Record<string, string>>,
  ): SupervisedProcess {
    const { rootDir, logDir, onDeath } = this.options;
    const program = {
      script: this.scriptOf(name),
      cwd: resolve(rootDir, name),
      env,
      logFile: join(logDir, copy === 0 ? `${name}.log` : `${name}.${copy + 1}.log`),
    };
    return new SupervisedProcess(program, (exit) => onDeath(name, copy, exit));
  }

  private scriptOf(name: ProcessName): string {
    return join(resolve(this.options.rootDir, name), 'dist', 'main.js');
  }
}
