/** One thing that a service works with. */
export interface HealthCheck {
  readonly name: string;
  /** Resolves when the thing works and rejects when it does not. */
  check(): Promise<void>;
}

/**
 * What is up and what is down. A `degraded` service does its work without something that it can do without; an
 * `unavailable` one does not.
 */
export interface HealthReport {
  readonly status: 'ok' | 'degraded' | 'unavailable';
  readonly checks: Readonly<Record<string, 'ok' | 'down'>>;
}

const CHECK_TIMEOUT_MS = 2_000;

/** Answers whether the service can do its work now, part by part. */
export class Health {
  private readonly checks: { readonly check: HealthCheck; readonly optional: boolean }[] = [];

  add(check: HealthCheck, options: { readonly optional?: boolean } = {}): void {
    this.checks.push({ check, optional: options.optional ?? false });
  }

  async report(): Promise<HealthReport> {
    const results = await Promise.all(
      this.checks.map(async ({ check, optional }) => ({
        name: check.name,
        optional,
        outcome: await outcomeOf(check),
      })),
    );
    const down = results.filter(({ outcome }) => outcome === 'down');
    const without = down.every(({ optional }) => optional) ? 'degraded' : 'unavailable';
    return {
      status: down.length === 0 ? 'ok' : without,
      checks: Object.fromEntries(results.map(({ name, outcome }) => [name, outcome])),
    };
  }
}

async function outcomeOf(check: HealthCheck): Promise<'ok' | 'down'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'down'>((resolve) => {
    timer = setTimeout(() => resolve('down'), CHECK_TIMEOUT_MS);
  });
  const attempt = (async () => check.check())().then(
    () => 'ok' as const,
    () => 'down' as const,
  );
  try {
    return await Promise.race([attempt, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
