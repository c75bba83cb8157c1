import { setTimeout as sleep } from 'node:timers/promises';
import { Auditor } from '../audit/auditor.js';
import { findCardNumbers } from '../audit/card-numbers.js';
import type { ChaosOptions } from './chaos-options.js';
import type { ChaosReport } from './chaos-report.js';
import { ChaosStack } from './chaos-stack.js';
import type { ChaosFinding } from './checks/finding.js';
import { brokenPromises } from './checks/promises.js';
import { converge, type Convergence } from './convergence.js';
import { Client, emailOf } from './customers/client.js';
import { Crowd } from './customers/crowd.js';
import { createWorld, type World } from './customers/world.js';
import { FAITHFUL } from './fault-proxy.js';
import { faultSchedule, inject, nameOfFault, type ScheduledFault } from './fault-schedule.js';
import { blockedSeats } from './free-seats.js';
import { History } from './history.js';
import { Random } from './random.js';

const DOOMED_EVERY_MS = 15_000;
/** After this no lock of the run is left, and every lock that still blocks a seat is one too many. */
const LOCKS_ARE_OVER_MS = 6_500;

/** Customers at work while everything around them breaks, and a look at what became of their promises. */
export class ChaosRun {
  private readonly random: Random;
  private readonly history = new History();
  private readonly stack: ChaosStack;
  private readonly faults: Record<string, number> = {};
  private admin!: Client;
  private world!: World;

  constructor(private readonly options: ChaosOptions) {
    this.random = new Random(options.seed);
    this.stack = new ChaosStack(options, this.random);
  }

  /** Runs once. Nothing is left running afterwards. */
  async run(): Promise<ChaosReport> {
    const startedAt = new Date();
    const { say, durationMs, customers, restMs, journeys } = this.options;
    try {
      say('Starting a stack …');
      await this.stack.start();
      const crowd = new Crowd({
        baseUrl: this.stack.gatewayUrl,
        customers,
        random: this.random,
        history: this.history,
        journeys,
        restMs,
      });
      await this.prepare(crowd);
      const requestsBefore = this.history.requests;
      say(`${customers} customers for ${Math.round(durationMs / 1000)} s …`);
      await this.load(crowd);
      const requests = this.history.requests - requestsBefore;
      say('The faults have stopped; waiting until everything has arrived …');
      const auditor = new Auditor(this.stack.databases);
      const convergence = await converge(auditor, this.options.convergeWithinMs);
      const findings = await this.findings(auditor, convergence);
      return {
        seed: this.options.seed,
        startedAt: startedAt.toISOString(),
        durationMs,
        customers,
        replicas: this.options.replicas,
        requests,
        requestsPerSecond: Math.round((requests / durationMs) * 10_000) / 10,
        journeys: crowd.endings,
        promises: this.promises(),
        faults: { ...this.faults, ...this.stack.injectedIntoRequests() },
        deaths: this.stack.deaths,
        convergedInMs: convergence.settled ? Math.round(convergence.tookMs) : null,
        findings,
      };
    } finally {
      await this.stack.stop();
    }
  }

  private async prepare(crowd: Crowd): Promise<void> {
    const { email, password } = this.stack.stack.adminCredentials;
    this.admin = new Client(this.stack.gatewayUrl, email, password, this.history, this.random.fork('admin'));
    await this.admin.signIn();
    this.world = await createWorld(this.admin, Math.ceil(this.options.durationMs / DOOMED_EVERY_MS));
    await crowd.signUp();
  }

  private async load(crowd: Crowd): Promise<void> {
    const { durationMs, faultEveryMs, replicas, only, proxyFaults } = this.options;
    const endsAt = performance.now() + durationMs;
    const isOver = (): boolean => performance.now() >= endsAt;
    this.stack.injectIntoRequests(proxyFaults);
    const plan = { durationMs, everyMs: faultEveryMs, copies: replicas, ...(only !== undefined && { only }) };
    const schedule = faultSchedule(this.random.fork('faults'), plan);
    const living = crowd.live(this.world, isOver);
    await Promise.all([this.breakThings(schedule), this.withdrawFlights(isOver), sleep(durationMs)]);
    // Whoever is in the middle of a journey ends it, and meets the last broken lines on it.
    await living;
    this.stack.injectIntoRequests(FAITHFUL);
    await this.stack.stack.waitUntilHealthy();
  }

  private async breakThings(schedule: readonly ScheduledFault[]): Promise<void> {
    const startedAt = performance.now();
    for (const { atMs, fault } of schedule) {
      await sleep(Math.max(0, startedAt + atMs - performance.now()));
      const name = nameOfFault(fault);
      this.faults[name] = (this.faults[name] ?? 0) + 1;
      if (name.startsWith('redis')) this.history.lockLosses.push(Date.now());
      await inject(this.stack.stack, fault);
    }
  }

  private async withdrawFlights(isOver: () => boolean): Promise<void> {
    for (const flightId of this.world.doomedFlights) {
      for (let waited = 0; waited < DOOMED_EVERY_MS && !isOver(); waited += 250) await sleep(250);
      await this.admin.insist({ action: 'cancel-flight', path: `/api/flights/${flightId}/cancel`, body: {} });
    }
  }

  private async findings(auditor: Auditor, convergence: Convergence): Promise<ChaosFinding[]> {
    const { databases, dataDir } = this.stack;
    const unsettled: ChaosFinding[] = convergence.settled
      ? []
      : [
          {
            check: 'I29',
            statement: `Everything has arrived ${this.options.convergeWithinMs / 1000} s after the last fault`,
            offenders: convergence.left.map(
              ({ invariant, offenders }) => `${invariant.id}: ${offenders.length}`,
            ),
          },
        ];
    const audited = [...(await auditor.audit(0)), await findCardNumbers(databases, `${dataDir}/logs`)]
      // After a run nothing may wait for an operator either.
      .filter(({ offenders }) => offenders.length > 0)
      .map(({ invariant, offenders }) => ({
        check: invariant.id,
        statement: invariant.statement,
        offenders,
      }));
    const promises = await brokenPromises(this.history, databases);
    return [...unsettled, ...audited, ...promises, ...(await this.tryFreeSeats())];
  }

  private async tryFreeSeats(): Promise<ChaosFinding[]> {
    await sleep(LOCKS_ARE_OVER_MS);
    const email = emailOf(this.options.customers, this.random.key().slice(0, 8));
    const customer = new Client(
      this.stack.gatewayUrl,
      email,
      'password-of-the-last',
      this.history,
      this.random.fork('last'),
    );
    await customer.signUp('Ravi Sharma');
    const offenders = await blockedSeats(customer, this.world);
    return offenders.length === 0
      ? []
      : [{ check: 'I4', statement: 'A seat that nobody has can be had', offenders }];
  }

  private promises(): ChaosReport['promises'] {
    const actions = ['lock', 'book', 'pay', 'ticket', 'cancel'] as const;
    return Object.fromEntries(
      actions.map((action) => [
        action,
        {
          ok: this.history.of(action, 'ok').length,
          refused: this.history.of(action, 'refused').length,
          unknown: this.history.of(action, 'unknown').length,
        },
      ]),
    );
  }
}
