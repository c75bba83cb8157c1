import type { Channel, DeliveryClaim } from '../notifications/notification.js';

/** A message on its way out. */
export interface OutgoingMessage {
  /** The same on every attempt. */
  readonly messageId: string;
  readonly recipient: string;
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
}

/** Names of the transports, as the deliveries table has them. */
export type TransportName = 'smtp' | 'log';

/** Something that takes messages over. */
export interface MailTransport {
  readonly name: TransportName;
  /** After this many milliseconds an attempt has ended, however it did. */
  readonly takesAtMostMs: number;
  /**
   * Hands a message over.
   * @returns what the other side said
   * @throws MessageRefused when another attempt would be in vain; any other error is worth one
   */
  send(message: OutgoingMessage): Promise<string>;
}

/** Which transport takes the messages of each channel. */
export type Transports = Readonly<Record<Channel, MailTransport>>;

/**
 * How much longer a claim lasts than an attempt may take. It ends by itself only when whoever made it died, and the
 * message of a process that died waits until then.
 */
const CLAIM_MARGIN_MS = 5_000;

/** What a message is claimed with for an attempt by this transport. */
export const claimFor = ({ name, takesAtMostMs }: MailTransport): DeliveryClaim => ({
  transport: name,
  lastsMs: takesAtMostMs + CLAIM_MARGIN_MS,
});

/** The other side does not take this message, now or ever. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused';
}
