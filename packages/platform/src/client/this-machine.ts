/** The address from which callers on the same machine come. */
export const LOOPBACK_ADDRESS = '127.0.0.1';

const LOOPBACK_NAMES: ReadonlySet<string> = new Set([LOOPBACK_ADDRESS, 'localhost', '[::1]']);

/** Whether an address is this machine's own, by which nobody else is reached. */
export const isThisMachine = (address: string): boolean => LOOPBACK_NAMES.has(new URL(address).hostname);
