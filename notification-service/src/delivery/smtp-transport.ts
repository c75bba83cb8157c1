import type { Lifecycle } from '@flight-booking/platform';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { MessageRefused, type MailTransport, type OutgoingMessage } from './mail-transport.js';

/** Which mail server, and who the mail is from. */
export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string;
  readonly from: string;
  readonly connections: number;
}

const CONNECTION_TIMEOUT_MS = 5_000;
const SOCKET_TIMEOUT_MS = 10_000;
/** A server that takes longer may have taken the message; it is handed over again under the same Message-ID. */
const SEND_TIMEOUT_MS = 15_000;

/** A reply of the server's to this message; errors of connection and login have another code. */
const refusal = z.object({ code: z.enum(['EENVELOPE', 'EMESSAGE']), permanent: z.literal(true) });

/** Hands e-mail to a mail server, over kept connections. */
export class SmtpTransport implements MailTransport, Lifecycle {
  readonly name = 'smtp';
  readonly takesAtMostMs = SEND_TIMEOUT_MS;
  private readonly transporter: ReturnType<typeof pooledTransporter>;
  private readonly domain: string;

  constructor(private readonly options: SmtpOptions) {
    this.transporter = pooledTransporter(options);
    this.domain = /@([^\s<>@]+)>?$/.exec(options.from)?.[1] ?? 'localhost';
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.transporter.close();
    return Promise.resolve();
  }

  async send({ messageId, recipient, subject, text, html }: OutgoingMessage): Promise<string> {
    try {
      const { response } = await this.transporter.sendMail({
        messageId: `<${messageId}@${this.domain}>`,
        from: this.options.from,
        to: { name: '', address: recipient },
        ...(subject !== null && { subject }),
        text,
        ...(html !== null && { html }),
        // Keeps vacation responders from answering a machine (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
      });
      return response;
    } catch (error) {
      if (!refusal.safeParse(error).success) throw error;
      throw new MessageRefused(error instanceof Error ? error.message : 'refused', { cause: error });
    }
  }
}

/** The queue tries again and records it, so the library must not do so by itself. */
const pooledTransporter = ({ url, connections }: SmtpOptions) =>
  createTransport({
    url,
    pool: true,
    maxConnections: connections,
    maxRequeues: 0,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
