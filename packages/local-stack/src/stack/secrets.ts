import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { perService, type PerService } from '../services.js';

/** What the services of one installation share with nobody else. */
export interface StackSecrets {
  readonly jwtSecret: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  /** The secret with which each service asks for its tokens. */
  readonly clientSecrets: PerService<string>;
  /** What the payment provider signs its webhooks with. */
  readonly paymentWebhookSecret: string;
  /** The password of each service's database role. */
  readonly databasePasswords: PerService<string>;
}

/** Reads the secrets, generating those that are not there yet; only the file's owner can read them. */
export function loadSecrets(file: string): StackSecrets {
  const saved = readSaved(file);
  const secrets = { ...generateSecrets(), ...saved };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

function readSaved(file: string): Partial<StackSecrets> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<StackSecrets>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

function generateSecrets(): StackSecrets {
  return {
    jwtSecret: randomBytes(48).toString('base64url'),
    adminEmail: 'admin@example.com',
    adminPassword: randomBytes(12).toString('base64url'),
    clientSecrets: perService(() => randomBytes(24).toString('hex')),
    paymentWebhookSecret: randomBytes(32).toString('base64url'),
    databasePasswords: perService(() => randomBytes(24).toString('hex')),
  };
}
