import { InvalidConfig } from '../config/load-config.js';
import type { Runnable, Service } from './service-kit.js';

/** The argument under which a service prints its OpenAPI paths, those of customers and its internal ones, and ends. */
const DESCRIBE = '--describe';

/** The whole life of a service's process. */
export async function runService(compose: () => Service): Promise<void> {
  const service = composeOrExit(compose);
  if (process.argv.includes(DESCRIBE)) {
    process.stdout.write(JSON.stringify({ paths: service.openapiPaths, internal: service.internalPaths }));
    return;
  }
  await live(service);
}

/**
 * The whole life of a process: builds what it runs, starts it, and on SIGTERM or SIGINT lets it finish what it has
 * begun. A bad configuration is told variable by variable, with exit status 1.
 */
export async function runProcess(compose: () => Runnable): Promise<void> {
  await live(composeOrExit(compose));
}

async function live(service: Runnable): Promise<void> {
  const isStopping = stopOnSignals(service);
  try {
    await service.start();
    service.logger.info({ port: service.port }, `${service.name} is listening`);
  } catch (error) {
    // A start that was called off is no failure; whoever stopped it says how the process ends.
    if (isStopping()) return;
    service.logger.fatal({ err: error }, `${service.name} could not start`);
    exitWhenLogged(service, 1);
  }
}

function composeOrExit<Made extends Runnable>(compose: () => Made): Made {
  try {
    return compose();
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** @returns whether the service is stopping by now */
function stopOnSignals(service: Runnable): () => boolean {
  let stopping = false;
  const stop = (signal: string, status: number): void => {
    if (stopping) process.exit(1);
    stopping = true;
    service.logger.info({ signal }, `${service.name} is stopping`);
    setTimeout(() => process.exit(1), service.shutdownTimeoutMs).unref();
    service.stop().then(
      () => exitWhenLogged(service, status),
      (error: unknown) => {
        service.logger.error({ err: error }, `${service.name} did not stop cleanly`);
        exitWhenLogged(service, 1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM', 0));
  process.on('SIGINT', () => stop('SIGINT', 0));
  // After either of these nobody knows what state the process is in: it ends, and its supervisor starts another.
  process.on('uncaughtException', (error) => {
    service.logger.fatal({ err: error }, 'an exception was not caught');
    stop('uncaughtException', 1);
  });
  process.on('unhandledRejection', (reason) => {
    service.logger.fatal({ err: reason }, 'a rejection was not handled');
    stop('unhandledRejection', 1);
  });
  return () => stopping;
}

function exitWhenLogged(service: Runnable, status: number): void {
  service.logger.flush(() => process.exit(status));
  setTimeout(() => process.exit(status), 500).unref();
}
