import { idText } from '@flight-booking/contracts';
import { binary, defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import { TooManyDocuments } from '../documents/document.errors.js';
import type { DocumentPress } from '../documents/document-press.js';
import { PDF_CONTENT_TYPE, pdfHeaders } from '../documents/pdf-headers.js';
import type { Ticket } from './ticket.js';
import { renderTicket } from './ticket-document.js';
import {
  BookingCancelled,
  BookingExpired,
  BookingNotFound,
  BookingNotPaid,
  TicketNotFound,
} from './ticket.errors.js';
import { generateTicketRequest, issuedTicket, ticketAnswer } from './ticket.schemas.js';
import type { TicketService } from './ticket.service.js';
import { toIssuedTicketView, toTicketView } from './ticket.view.js';

const tag = 'Tickets';
const params = z.strictObject({ id: idText });

/** Issuing tickets, and looking at them. */
export class TicketController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'POST',
      path: '/api/tickets/generate',
      operation: 'generateTicket',
      summary: 'Issue the ticket and the invoice of a paid booking',
      description: 'Asked again, it answers 200 with the ticket that there is.',
      tag,
      auth: 'user',
      input: { body: generateTicketRequest },
      output: { 201: issuedTicket, 200: issuedTicket },
      problems: [BookingNotFound, BookingNotPaid, BookingExpired, BookingCancelled],
      handler: async ({ body, principal }) => {
        const { ticket, issued } = await this.tickets.generate(body.booking_id, principal.userId);
        return reply(issued ? 201 : 200, toIssuedTicketView(ticket));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/tickets/:id.pdf',
      operation: 'downloadTicket',
      summary: 'The e-ticket as a PDF document',
      description: 'Of a booking that was cancelled, it says so and has no barcodes.',
      tag,
      auth: 'user',
      input: { params },
      output: { 200: binary(PDF_CONTENT_TYPE) },
      problems: [TicketNotFound, TooManyDocuments],
      handler: async ({ params: { id }, principal, gone }) => {
        const ticket = await this.tickets.ticketFor(principal, id);
        const draw = (signal: AbortSignal) => renderTicket(ticket, signal);
        const bytes = await this.press.print(printNameOf(ticket), draw, gone);
        return reply(200, bytes, pdfHeaders(`e-ticket-${ticket.pnr}.pdf`));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/tickets/:id',
      operation: 'getTicket',
      summary: 'A ticket with its coupons',
      tag,
      auth: 'user',
      input: { params },
      output: { 200: ticketAnswer },
      problems: [TicketNotFound],
      handler: async ({ params: { id }, principal }) =>
        reply(200, toTicketView(await this.tickets.ticketFor(principal, id))),
    }),
  ];

  constructor(
    private readonly tickets: TicketService,
    private readonly press: DocumentPress,
  ) {}
}

/** A ticket's document shows what became of its coupons, and nothing else of it changes. */
const printNameOf = ({ ticketId, cancelledAt, coupons }: Ticket): string =>
  `ticket ${ticketId} ${cancelledAt?.toISOString() ?? 'valid'} ${coupons.map(({ status }) => status).join()}`;
