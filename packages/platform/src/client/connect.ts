import { Pool } from 'undici';

/** Sends requests to one address. */
export type Connection = Pick<Pool, 'request' | 'dispatch' | 'destroy' | 'destroyed'>;

/** Makes what sends requests to an address: its options say how, where it is the network. */
export type Connect = (address: string, options: Pool.Options) => Connection;

/** A pool of kept-alive connections. */
export const overNetwork: Connect = (address, options) => new Pool(address, options);
