import { randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServiceName } from '@flight-booking/local-stack';
import pg from 'pg';
import { figuresOf, type Figures } from '../measure/figures.js';
import { withCost } from '../measure/turns.js';
import type { JourneyTemplate, TemplateStatement, TemplateUnit } from './journey-template.js';

/** It lies in src, for the compiler does not copy it. */
const STATEMENTS = new URL('../../src/journey/journey-statements.json', import.meta.url);
const VARIABLE = /\{\{(\w+)\}\}/g;
const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const MS_PER_SECOND = 1_000;
const LOCATOR_LENGTH = 6;
const LOCATOR_LETTERS = 'BCDFGHJKMNPQRSTVWXYZ';

/** The journey as it was last recorded. */
export const recordedTemplate = (): JourneyTemplate =>
  JSON.parse(readFileSync(STATEMENTS, 'utf8')) as JourneyTemplate;

/** Where the statements of each service go. */
export type DatabaseUrls = Partial<Record<ServiceName, string>>;

/** Has PostgreSQL alone do what it does in a journey, from a connection to each database, one journey at a time. */
export class JourneyReplay {
  private constructor(
    private readonly template: JourneyTemplate,
    private readonly clients: ReadonlyMap<ServiceName, pg.Client>,
    private readonly nextFlight: () => number,
    private readonly userId: number,
  ) {}

  /** @param nextFlight gives a flight that no journey was on yet */
  static async start(
    template: JourneyTemplate,
    urls: DatabaseUrls,
    nextFlight: () => number,
    userId: number,
  ): Promise<JourneyReplay> {
    const services = [...new Set(template.units.map(({ service }) => service))];
    const clients = services.map((service) => [service, new pg.Client(urls[service])] as const);
    await Promise.all(clients.map(([, client]) => client.connect()));
    return new JourneyReplay(template, new Map(clients), nextFlight, userId);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.end()));
  }

  /** @throws what PostgreSQL says, for a statement that fails is not the one that was recorded */
  async run(): Promise<void> {
    const variables = new Map<string, string>([
      ['flightId', String(this.nextFlight())],
      ['userId', String(this.userId)],
      ['pnr', randomLocator()],
      ['seat0', '1A'],
      ['seat1', '1B'],
    ]);
    const shiftMs = Date.now() - this.template.recordedAt;
    for (const unit of this.template.units) await this.runUnit(unit, variables, shiftMs);
  }

  private async runUnit(
    { service, statements }: TemplateUnit,
    variables: Map<string, string>,
    shiftMs: number,
  ): Promise<void> {
    const client = this.clients.get(service);
    if (client === undefined) throw new Error(`No database of ${service}.`);
    for (const statement of statements) {
      const { rows } = await client.query<Record<string, string | number | null>>(
        queryOf(statement, variables, shiftMs),
      );
      for (const [column, name] of Object.entries(statement.gives ?? {}))
        variables.set(name, String(rows[0]?.[column] ?? null));
    }
  }
}

function queryOf(
  { name, text, values }: TemplateStatement,
  variables: Map<string, string>,
  shiftMs: number,
): pg.QueryConfig | string {
  if (values === undefined) return text;
  const filled = values
    .replaceAll(VARIABLE, (_, variable: string) => valueOf(variable, variables))
    .replaceAll(INSTANT, (instant) => new Date(Date.parse(instant) + shiftMs).toISOString());
  return { ...(name !== undefined && { name }), text, values: JSON.parse(filled) as unknown[] };
}

/** A value that a service makes up is made up when it is first needed. */
function valueOf(variable: string, variables: Map<string, string>): string {
  const known = variables.get(variable);
  if (known !== undefined) return known;
  const made = randomUUID();
  variables.set(variable, made);
  return made;
}

const randomLocator = (): string =>
  Array.from({ length: LOCATOR_LENGTH }, () => LOCATOR_LETTERS[randomInt(LOCATOR_LETTERS.length)]).join('');

/** Replays that go on at once for so long, each a journey after the other. */
export function replayTogether(
  replays: readonly JourneyReplay[],
  seconds: number,
  pids: () => readonly number[],
): Promise<Figures> {
  return withCost(pids, async () => {
    const durations: number[] = [];
    const startedAt = performance.now();
    const endsAt = startedAt + seconds * MS_PER_SECOND;
    await Promise.all(
      replays.map(async (replay) => {
        while (performance.now() < endsAt) {
          const beganAt = performance.now();
          await replay.run();
          durations.push(performance.now() - beganAt);
        }
      }),
    );
    const elapsed = (performance.now() - startedAt) / MS_PER_SECOND;
    return { figures: figuresOf(durations, elapsed), count: durations.length };
  });
}
