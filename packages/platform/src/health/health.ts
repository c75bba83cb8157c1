/** One thing that a service cannot work without. */
export interface HealthCheck {
  readonly name: string;
  /** Resolves when the thing works and rejects when it does not. */
  check(): Promise<void>;
}

/** What is up and what is down. */
export interface HealthReport {
  readonly status: 'ok' | 'unavailable';
  readonly checks: Readonly<Record<string, 'ok' | 'down'>>;
}

const CHECK_TIMEOUT_MS = 2_000;

/** Answers whether the service can do its work now, part by part. */
export class Health {
  private readonly checks: HealthCheck[] = [];

  add(check: HealthCheck): void {
    this.checks.push(check);
  }

  async report(): Promise<HealthReport> {
    const results = await Promise.all(
      this.checks.map(async (check): Promise<[string, 'ok' | 'down']> => [
        check.name,
        await outcomeOf(check),
      ]),
    );
    return {
      status: results.every(([, result]) => result === 'ok') ? 'ok' : 'unavailable',
      checks: Object.fromEntries(results),
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
