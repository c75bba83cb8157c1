/** The environment that stacks and yardsticks are given. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
