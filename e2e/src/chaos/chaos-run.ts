import { setTimeout as sleep } from 'node:timers/promises';
import { Auditor } from '../audit/auditor.js';
import { findCardNumbers } from '../audit/card-numbers.js';
import type { ChaosOptions } from './chaos-options.js';
import type { ChaosReport } from './chaos-report.js';
import { ChaosStack } from './chaos-stack.js';
import type { BrokenCheck, ChaosFinding } from './checks/finding.js';
import { brokenPromises } from './checks/promises.js';
import { doubleGrants, NO_SEAT_TWICE } from './checks/seat-grants.js';
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
/** How often what holds at every moment is looked at while everything breaks. */
const LOOK_EVERY_MS = 3_000;
/** Jobs that look whether all is well run even when it is, for a moment. */
const MOMENT_MS = 2_000;
/** After this no lock of the run is left, and every lock that still blocks a seat is one too many. */
const LOCKS_ARE_OVER_MS = 6_500;

/** Customers at work while everything around them breaks, and a look at what became of their promises. */
export class ChaosRun {
  private readonly random: Random;
  private readonly history = new History();
  private readonly stack: ChaosStack;
  private readonly faults: Record<string, number> = {};
  private readonly found = new Map<string, ChaosFinding>();
  private loadStartedAt = 0;
  private isOver: () => boolean = () => false;
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
      await this.lookAtTheEnd(auditor, convergence);
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
        refusals: this.refusals(),
        faults: { ...this.faults, ...this.stack.injectedIntoRequests() },
        deaths: this.stack.deaths,
        convergedInMs: convergence.settled ? Math.round(convergence.tookMs) : null,
        findings: [...this.found.values()],
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
    const { durationMs, faultEveryMs, replicas, only, proxyFaults, enough } = this.options;
    this.loadStartedAt = performance.now();
    const endsAt = this.loadStartedAt + durationMs;
    this.isOver = () => performance.now() >= endsAt || enough?.([...this.found.values()]) === true;
    this.stack.injectIntoRequests(proxyFaults);
    const plan = { durationMs, everyMs: faultEveryMs, copies: replicas, ...(only !== undefined && { only }) };
    const schedule = faultSchedule(this.random.fork('faults'), plan);
    const living = crowd.live(this.world, this.isOver);
    await Promise.all([this.breakThings(schedule), this.withdrawFlights(), this.lookNowAndThen()]);
    // Whoever is in the middle of a journey ends it, and meets the last broken lines on it.
    await living;
    this.stack.injectIntoRequests(FAITHFUL);
    await this.stack.stack.waitUntilHealthy();
  }

  /** What holds at every moment holds also now. While PostgreSQL is away there is nothing to look at. */
  private async lookNowAndThen(): Promise<void> {
    const auditor = new Auditor(this.stack.databases);
    while (!this.isOver()) {
      await this.rest(LOOK_EVERY_MS);
      const findings = await auditor.faults('always').catch(() => []);
      for (const { invariant, offenders } of findings)
        this.note({ check: invariant.id, statement: invariant.statement, offenders });
      this.note({ check: 'H3', statement: NO_SEAT_TWICE, offenders: doubleGrants(this.history) });
    }
  }

  /** Waits, but not beyond the end of the load. */
  private async rest(ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (performance.now() < until && !this.isOver()) await sleep(Math.min(200, ms));
  }

  private note(broken: BrokenCheck): void {
    if (broken.offenders.length === 0) return;
    const known = this.found.get(broken.check);
    const foundAfterMs = known?.foundAfterMs ?? Math.round(performance.now() - this.loadStartedAt);
    this.found.set(broken.check, {
      ...broken,
      offenders: [...new Set([...(known?.offenders ?? []), ...broken.offenders])],
      foundAfterMs,
    });
  }

  private async breakThings(schedule: readonly ScheduledFault[]): Promise<void> {
    const startedAt = performance.now();
    for (const { atMs, fault } of schedule) {
      await this.rest(startedAt + atMs - performance.now());
      if (this.isOver()) return;
      const name = nameOfFault(fault);
      this.faults[name] = (this.faults[name] ?? 0) + 1;
      const loss = { from: Date.now(), to: Infinity };
      if (name.startsWith('redis')) this.history.lockLosses.push(loss);
      await inject(this.stack.stack, fault);
      loss.to = Date.now();
    }
  }

  private async withdrawFlights(): Promise<void> {
    for (const flightId of this.world.doomedFlights) {
      await this.rest(DOOMED_EVERY_MS);
      await this.admin.insist({ action: 'cancel-flight', path: `/api/flights/${flightId}/cancel`, body: {} });
    }
  }

  private async lookAtTheEnd(auditor: Auditor, convergence: Convergence): Promise<void> {
    const { databases, dataDir } = this.stack;
    if (!convergence.settled)
      this.note({
        check: 'I29',
        statement: `Everything has arrived ${this.options.convergeWithinMs / 1000} s after the last fault`,
        offenders: convergence.left.map(({ invariant, offenders }) => `${invariant.id}: ${offenders.length}`),
      });
    // After a run nothing may wait for an operator either, so what is only shown elsewhere counts here.
    const audited = [
      ...(await auditor.audit(MOMENT_MS)),
      await findCardNumbers(databases, `${dataDir}/logs`),
    ];
    for (const { invariant, offenders } of audited)
      this.note({ check: invariant.id, statement: invariant.statement, offenders });
    for (const broken of await brokenPromises(this.history, databases)) this.note(broken);
    if (this.options.enough?.([...this.found.values()]) !== true) this.note(await this.tryFreeSeats());
  }

  private async tryFreeSeats(): Promise<BrokenCheck> {
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
    return { check: 'I4', statement: 'A seat that nobody has can be had', offenders };
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

  private refusals(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { action, outcome, status, answer } of this.history.entries) {
      if (outcome === 'ok') continue;
      const name = status === 0 ? `${action}: no answer` : `${action}: ${status} ${answer?.type ?? ''}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }
}
