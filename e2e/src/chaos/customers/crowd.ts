import { setTimeout as sleep } from 'node:timers/promises';
import type { History } from '../history.js';
import type { Random } from '../random.js';
import { Client, emailOf } from './client.js';
import { JOURNEYS, type Journey } from './journeys.js';
import { Shopper } from './shopper.js';
import type { World } from './world.js';

/** Who comes, and what they set out to do. */
export interface CrowdOptions {
  readonly baseUrl: string;
  readonly customers: number;
  readonly random: Random;
  readonly history: History;
  /** Only these journeys; all when absent. */
  readonly journeys?: readonly string[] | undefined;
  /** The longest that a customer rests between two journeys. */
  readonly restMs: number;
}

/** How many customers sign up at once: a password costs a processor a while. */
const SIGN_UPS_AT_ONCE = 4;

/** Many customers at once. */
export class Crowd {
  /** How often each journey ended how. */
  readonly endings: Record<string, Record<string, number>> = {};
  private readonly clients: Client[];
  private readonly journeys: readonly Journey[];

  constructor(private readonly options: CrowdOptions) {
    const { baseUrl, customers, random, history, journeys } = options;
    const run = random.fork('addresses').key().slice(0, 8);
    this.clients = Array.from(
      { length: customers },
      (_, index) =>
        new Client(
          baseUrl,
          emailOf(index, run),
          `password-${run}`,
          history,
          random.fork(`customer ${index}`),
        ),
    );
    this.journeys = JOURNEYS.filter(({ name }) => journeys === undefined || journeys.includes(name));
  }

  /** Everybody gets an account, before anything breaks. */
  async signUp(): Promise<void> {
    const waiting = [...this.clients];
    const work = async (): Promise<void> => {
      for (let client = waiting.shift(); client !== undefined; client = waiting.shift())
        await client.signUp('Asha Sharma');
    };
    await Promise.all(Array.from({ length: SIGN_UPS_AT_ONCE }, work));
  }

  /** Everybody makes one journey after the other until `isOver`, and ends the one they are on. */
  async live(world: World, isOver: () => boolean): Promise<void> {
    const choices = this.journeys.map((journey) => [journey.weight, journey] as const);
    await Promise.all(
      this.clients.map(async (client) => {
        const shopper = new Shopper(client, world);
        await shopper.think(this.options.restMs);
        while (!isOver()) {
          const journey = client.random.weighted(choices);
          this.count(journey.name, await journey.go(shopper));
          await sleep(client.random.between(0, this.options.restMs));
        }
      }),
    );
  }

  private count(journey: string, ending: string): void {
    const endings = (this.endings[journey] ??= {});
    endings[ending] = (endings[ending] ?? 0) + 1;
  }
}
