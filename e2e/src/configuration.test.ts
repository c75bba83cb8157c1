import { readFileSync } from 'node:fs';
import { SERVICES } from '@flight-booking/local-stack';
import { describe, expect, it } from 'vitest';
import { ROOT } from './api/openapi-document.js';

type Variables = Readonly<Record<string, string>>;

/** The variables of an example file, also those that are commented out. */
function variablesOf(text: string): Variables {
  const lines = text.matchAll(/^(?:# ?)?([A-Z][A-Z\d_]*)=(.*)$/gm);
  return Object.fromEntries(Array.from(lines, ([, name, value]) => [name, value?.replace(/^"(.*)"$/, '$1')]));
}

const textOf = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const exampleOf = (service: string): Variables => variablesOf(textOf(`${service}/.env.example`));

/** What a service makes of an environment. */
async function configOf(service: string, environment: Variables): Promise<object> {
  const { readConfig } = (await import(new URL(`${service}/dist/config.js`, ROOT).href)) as {
    readConfig: (environment: Variables) => object;
  };
  return readConfig(environment);
}

describe.each(SERVICES.map(({ name }) => name))('the .env.example of %s', (service) => {
  const example = exampleOf(service);

  it('has a configuration that the service accepts, with every variable that it reads and no other', async () => {
    const read = Object.keys(await configOf(service, example));
    const optional = Object.keys(example).filter((name) => example[name] === '');
    expect([...new Set([...read, ...optional])].toSorted()).toEqual(Object.keys(example).toSorted());
  });

  it('is refused where it could do harm, naming every secret in it, for all of them are placeholders', async () => {
    const secrets = Object.keys(example).filter((name) =>
      /SECRET|PASSWORD$|SERVICE_CLIENTS|DATABASE_URL/.test(name),
    );
    expect(secrets).toContain('SERVICE_CLIENT_SECRET');
    for (const NODE_ENV of ['production', ''])
      for (const secret of secrets)
        await expect(configOf(service, { ...example, NODE_ENV })).rejects.toThrow(
          `${secret}: holds a placeholder`,
        );
  });

  it('names the secret by which auth-service knows it', () => {
    const { SERVICE_CLIENT_SECRET: secret } = example;
    expect(exampleOf('auth-service')['SERVICE_CLIENTS']?.split(',')).toContain(`${service}:${secret}`);
  });
});

describe('docker compose', () => {
  const compose = textOf('docker-compose.yml');
  const example = variablesOf(textOf('.env.example'));
  const substituted = new Map(
    Array.from(compose.matchAll(/\$\{([A-Z\d_]+):-([^}]*)\}/g), ([, name = '', fallback = '']) => [
      name,
      fallback,
    ]),
  );

  it('takes every variable of .env.example, which names all that it takes but the ports', () => {
    const taken = [...substituted.keys()].filter((name) => !name.endsWith('_PORT'));
    expect(taken.toSorted()).toEqual(Object.keys(example).toSorted());
  });

  it.each(SERVICES.map(({ name, prefix }) => [name, `${prefix}_CLIENT_SECRET`] as const))(
    'and its example have auth-service know %s',
    (service, variable) => {
      for (const clients of [substituted.get('SERVICE_CLIENTS'), example['SERVICE_CLIENTS']]) {
        expect(clients?.split(',')).toContain(`${service}:${example[variable]}`);
      }
      expect(substituted.get(variable)).toBe(example[variable]);
    },
  );
});
