import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A refresh token as its owner holds it: opaque and impossible to guess. */
export const createRefreshToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** What is stored of a refresh token. It has 256 bits of chance, so a fast digest is enough. */
export const hashRefreshToken = (token: string): Buffer => createHash('sha256').update(token).digest();
