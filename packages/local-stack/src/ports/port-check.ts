import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { SetupError } from '../setup.errors.js';
import { portHolder } from './port-holder.js';

/** A port that something of ours is about to listen on. */
export interface WantedPort {
  readonly port: number;
  /** Who wants it, for the message. */
  readonly owner: string;
  /** The variable that moves it. */
  readonly variable: string;
}

// macOS's AirPlay Receiver listens on both.
const AIRPLAY_PORTS = [5000, 7000];

/** @throws SetupError that names every port that cannot be had, who holds it and how to move ours. */
export async function assertPortsFree(wanted: readonly WantedPort[]): Promise<void> {
  const problems = await Promise.all(wanted.map((one) => problemWith(one, wanted)));
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw new SetupError(found.join('\n'));
}

async function problemWith(one: WantedPort, all: readonly WantedPort[]): Promise<string | undefined> {
  const { port, owner, variable } = one;
  const first = all.find((other) => other.port === port);
  if (first !== undefined && first !== one) {
    return `Port ${port} is given to both ${first.owner} (${first.variable}) and ${owner} (${variable}).`;
  }
  if (await isFree(port)) return undefined;
  const holder = portHolder(port);
  const by =
    holder === undefined ? 'another process' : `process ${holder.pid} (${holder.command.slice(0, 100)})`;
  const airPlay =
    process.platform === 'darwin' && AIRPLAY_PORTS.includes(port)
      ? '\n  On macOS that is usually AirPlay Receiver: System Settings, General, AirDrop & Handoff.'
      : '';
  return `Port ${port}, which ${owner} needs, is taken by ${by}. Move ours: ${variable}=${port + 1} npm start${airPlay}`;
}

async function isFree(port: number): Promise<boolean> {
  // Where another process listens on all addresses, macOS still lets us listen on this one; connecting tells.
  const answered = await Promise.all(['127.0.0.1', '::1'].map((host) => accepts(host, port)));
  return !answered.includes(true) && canListen(port);
}

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: 500 });
  socket.on('timeout', () => socket.destroy(new Error('No answer.')));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    await once(server.close(), 'close');
    return true;
  } catch {
    return false;
  }
}
