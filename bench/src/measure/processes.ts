import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux on every machine that Node runs on: the unit of the times in `/proc/<pid>/stat`. */
const TICKS_PER_SECOND = 100;
/** Fields of `/proc/<pid>/stat` (proc(5)), counted from the one after the program's name. */
const PARENT = 1;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const KIB_PER_MIB = 1024;

/** CPU time that processes have used so far, in seconds. One that has ended counts nothing. */
export const cpuSeconds = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const fields = statOf(pid);
    return sum + (Number(fields[USER_TICKS] ?? 0) + Number(fields[SYSTEM_TICKS] ?? 0)) / TICKS_PER_SECOND;
  }, 0);

/** Memory of processes, pages that several share divided among them (PSS), in MiB. */
export const memoryMiB = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const [, kib] = /^Pss:\s+(\d+) kB$/m.exec(readOrNothing(`/proc/${pid}/smaps_rollup`)) ?? [];
    return sum + Number(kib ?? 0) / KIB_PER_MIB;
  }, 0);

/** A process with those it has started. */
export function processTree(pid: number): number[] {
  const children = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) && Number(statOf(Number(name))[PARENT]) === pid ? Number(name) : [],
  );
  return [pid, ...children];
}

/** The parent of a process. */
export const parentOf = (pid: number): number => Number(statOf(pid)[PARENT]);

/** The second field is the program's name in brackets and may hold spaces, so fields are counted after it. */
const statOf = (pid: number): string[] =>
  readOrNothing(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
