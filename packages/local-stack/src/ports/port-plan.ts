import { copiesOf, perService, SERVICES, type PerService, type ServiceDefinition } from '../services.js';
import { SetupError } from '../setup.errors.js';
import { freePorts } from './free-port.js';
import { assertPortsFree } from './port-check.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The ports of each service's copies. */
export type PortPlan = PerService<readonly number[]>;

/**
 * The documented ports, moved where a variable says so, for the first copies; the others take free ones.
 * @throws SetupError when one cannot be had.
 */
export async function documentedPorts(env: Environment, replicas = 1): Promise<PortPlan> {
  const ports = perService((service) => configuredPort(service, env));
  await assertPortsFree(
    SERVICES.map(({ name, prefix }) => ({ port: ports[name], owner: name, variable: `${prefix}_PORT` })),
  );
  return withCopies(ports, replicas);
}

/** A free port for each copy of each service, for stacks that run beside another. */
export async function undocumentedPorts(replicas = 1): Promise<PortPlan> {
  const ports = await freePorts(SERVICES.length);
  return withCopies(
    perService((_service, index) => ports[index] ?? 0),
    replicas,
  );
}

async function withCopies(firsts: PerService<number>, replicas: number): Promise<PortPlan> {
  const further = (name: string) => copiesOf(name, replicas) - 1;
  const count = SERVICES.reduce((sum, { name }) => sum + further(name), 0);
  // Nothing listens on the first copies' ports yet, so they would count as free.
  const free = await freePorts(count, Object.values(firsts));
  return perService(({ name }) => [firsts[name as keyof typeof firsts], ...free.splice(0, further(name))]);
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
