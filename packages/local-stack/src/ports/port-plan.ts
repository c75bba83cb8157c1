import { perService, SERVICES, type PerService, type ServiceDefinition } from '../services.js';
import { SetupError } from '../setup.errors.js';
import { freePorts } from './free-port.js';
import { assertPortsFree } from './port-check.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The documented ports, moved where a variable says so. @throws SetupError when one cannot be had. */
export async function documentedPorts(env: Environment): Promise<PerService<number>> {
  const ports = perService((service) => configuredPort(service, env));
  await assertPortsFree(
    SERVICES.map(({ name, prefix }) => ({ port: ports[name], owner: name, variable: `${prefix}_PORT` })),
  );
  return ports;
}

/** A free port for each service, for stacks that run beside another. */
export async function undocumentedPorts(): Promise<PerService<number>> {
  const ports = await freePorts(SERVICES.length);
  return perService((_service, index) => ports[index] ?? 0);
}

function configuredPort({ prefix, port }: ServiceDefinition, env: Environment): number {
  const variable = `${prefix}_PORT`;
  const value = env[variable] || String(port);
  const configured = Number(value);
  if (!/^\d+$/.test(value) || configured < 1 || configured > 65_535) {
    throw new SetupError(
      `${variable} has to be a port number from 1 to 65535, not ${JSON.stringify(value)}.`,
    );
  }
  return configured;
}
