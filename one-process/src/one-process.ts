import { InvalidConfig, LocalServers, type Runnable, type Service } from '@flight-booking/platform';
import { environmentOf, type Environment } from './config.js';
import { MEMBERS, type Member } from './members.js';
import { stopAfterGateway } from './stopping.js';

/**
 * The nine services as one, whose parts call each other without a connection. Each still listens on its own port and
 * has its own database, so whoever is outside sees no difference.
 * @throws InvalidConfig naming every bad variable of every service
 */
export function composeAll(environment?: Environment): Runnable {
  const services = membersOf(environment);
  const [gateway, ...others] = services as [Service, ...Service[]];
  return {
    name: 'one-process',
    logger: gateway.logger,
    shutdownTimeoutMs: Math.max(...services.map(({ shutdownTimeoutMs }) => shutdownTimeoutMs)),
    get port() {
      return gateway.port;
    },
    start: async () => {
      await Promise.all(services.map((service) => service.start()));
    },
    stop: () => stopAfterGateway(gateway, others),
  };
}

/** Tries them all, so that what is wrong with several is told at once. */
function membersOf(environment: Environment | undefined): Service[] {
  const surroundings = { locals: new LocalServers() };
  const problems: string[] = [];
  const services = MEMBERS.flatMap(({ prefix, make }: Member) => {
    try {
      return [make(environmentOf(prefix, environment), surroundings)];
    } catch (error) {
      if (!(error instanceof InvalidConfig)) throw error;
      problems.push(...error.problems.map((problem) => `${prefix}_${problem}`));
      return [];
    }
  });
  if (problems.length > 0) throw new InvalidConfig(problems);
  return services;
}
