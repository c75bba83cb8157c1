import type { z } from 'zod';

/** The environment does not describe a configuration that the service could run with. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';

  /** @param problems one line per bad variable */
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * Parses the environment once. An empty variable counts as absent, as compose files write absent ones.
 * @throws InvalidConfig naming every bad variable at once; values are left out, for they may be secrets
 */
export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<z.output<Schema>> {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(present);
  if (!parsed.success) {
    throw new InvalidConfig(
      parsed.error.issues.map((issue) => {
        const variable = issue.path.join('.');
        // A rule of the service's own says itself what is missing and why.
        const absent = issue.code !== 'custom' && !(variable in present);
        return `${variable}: ${absent ? 'is required' : issue.message}`;
      }),
    );
  }
  refusePlaceholders(schema, present);
  return Object.freeze(parsed.data);
}

/** What the example files write where a secret of one's own belongs. */
const PLACEHOLDER = /change-?me/i;
const TRUSTING_ENVIRONMENTS = ['development', 'test'];

function refusePlaceholders(
  schema: z.ZodObject,
  present: Readonly<Record<string, string | undefined>>,
): void {
  if (TRUSTING_ENVIRONMENTS.includes(present.NODE_ENV ?? '')) return;
  const variables = Object.keys(schema.shape).filter((name) => PLACEHOLDER.test(present[name] ?? ''));
  if (variables.length === 0) return;
  throw new InvalidConfig(
    variables.map((name) => `${name}: holds a placeholder: choose a secret of your own`),
  );
}
