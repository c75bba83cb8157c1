import { join } from 'node:path';
import { LocalStack } from '../local-stack.js';
import { resetStack } from '../stack/reset.js';
import type { LocalStackOptions, StackEvent } from '../stack/stack-options.js';
import { fakeCheckout, type FakeCheckout } from './fake-checkout.js';

/** The stacks of a test in a checkout of fake services. All use the same data folder. */
export interface FakeStacks {
  readonly checkout: FakeCheckout;
  readonly dataDir: string;
  /** What has happened inside of any of them. */
  readonly events: readonly StackEvent[];
  /** Makes one that has not been started. */
  make(options?: Partial<LocalStackOptions>): LocalStack;
  /** Makes one and waits until its services are ready. */
  started(options?: Partial<LocalStackOptions>): Promise<LocalStack>;
  /** Stops them all and removes what they leave. */
  remove(): Promise<void>;
}

/** Makes the checkout; the stacks are on free ports, and forget their data unless they are told to keep it. */
export function fakeStacks(): FakeStacks {
  const checkout = fakeCheckout();
  const dataDir = join(checkout.rootDir, '.local');
  const events: StackEvent[] = [];
  const stacks: LocalStack[] = [];
  const make = (options: Partial<LocalStackOptions> = {}): LocalStack => {
    const stack = new LocalStack({
      rootDir: checkout.rootDir,
      dataDir,
      ports: 'free',
      persistent: false,
      onEvent: (event) => events.push(event),
      ...options,
      env: { ...process.env, REDIS_URL: undefined, ...options.env },
    });
    stacks.push(stack);
    return stack;
  };
  return {
    checkout,
    dataDir,
    events,
    make,
    started: async (options) => {
      const stack = make(options);
      await stack.start();
      await stack.waitUntilHealthy();
      return stack;
    },
    remove: async () => {
      await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
      await resetStack(dataDir);
      checkout.remove();
    },
  };
}

/** The environment that a fake service was given. */
export async function environmentOf(url: string): Promise<Record<string, string>> {
  return (await (await fetch(`${url}/environment`)).json()) as Record<string, string>;
}
