import type { Logger } from '@flight-booking/platform';
import type { MailTransport, OutgoingMessage } from './mail-transport.js';

/** Writes to the log that there is a message; its text stays in the database. */
export class LogTransport implements MailTransport {
  readonly name = 'log';
  readonly takesAtMostMs = 0;

  constructor(private readonly logger: Logger) {}

  send({ messageId, recipient, subject }: OutgoingMessage): Promise<string> {
    this.logger.info({ message_id: messageId, recipient, subject }, 'a message');
    return Promise.resolve('logged');
  }
}
