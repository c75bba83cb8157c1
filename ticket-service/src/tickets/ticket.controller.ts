import { idText } from '@flight-booking/contracts';
import { binary, defineRoute, reply, type Route } from '@flight-booking/platform';
import { z } from 'zod';
import { PDF_CONTENT_TYPE, pdfHeaders } from '../documents/pdf-headers.js';
import { renderTicket } from '../documents/ticket-document.js';
import {
  BookingCancelled,
  BookingExpired,
  BookingNotFound,
  BookingNotPaid,
  TicketNotFound,
} from './ticket.errors.js';
import {
  generateTicketRequest,
  issuedTicket,
  ticketAnswer,
  toIssuedTicket,
  toTicketAnswer,
} from './ticket.schemas.js';
import type { TicketService } from './ticket.service.js';

const params = z.strictObject({ id: idText });

/** `/api/tickets`. The path that ends in `.pdf` stands first, since the other one matches it too. */
export class TicketController {
  readonly routes: readonly Route[];

  constructor(private readonly tickets: TicketService) {
    this.routes = [this.generate(), this.document(), this.ticket()];
  }

  private generate(): Route {
    return defineRoute({
      method: 'POST',
      path: '/api/tickets/generate',
      operation: 'generateTicket',
      summary: 'Issue the ticket and the invoice of a paid booking',
      description: 'Asked again, it answers 200 with the ticket that there is.',
      tag: 'Tickets',
      auth: 'user',
      input: { body: generateTicketRequest },
      output: { 201: issuedTicket, 200: issuedTicket },
      problems: [BookingNotFound, BookingNotPaid, BookingExpired, BookingCancelled],
      handler: async ({ body, principal }) => {
        const { ticket, issued } = await this.tickets.generate(body.booking_id, principal.userId);
        return reply(issued ? 201 : 200, toIssuedTicket(ticket));
      },
    });
  }

  private document(): Route {
    return defineRoute({
      method: 'GET',
      path: '/api/tickets/:id.pdf',
      operation: 'downloadTicket',
      summary: 'The e-ticket as a PDF document',
      tag: 'Tickets',
      auth: 'user',
      input: { params },
      output: { 200: binary(PDF_CONTENT_TYPE) },
      problems: [TicketNotFound],
      handler: async ({ params: { id }, principal }) => {
        const ticket = await this.tickets.ticketFor(principal, id);
        return reply(200, await renderTicket(ticket), pdfHeaders(`e-ticket-${ticket.pnr}.pdf`));
      },
    });
  }

  private ticket(): Route {
    return defineRoute({
      method: 'GET',
      path: '/api/tickets/:id',
      operation: 'getTicket',
      summary: 'A ticket with its coupons',
      tag: 'Tickets',
      auth: 'user',
      input: { params },
      output: { 200: ticketAnswer },
      problems: [TicketNotFound],
      handler: async ({ params: { id }, principal }) =>
        reply(200, toTicketAnswer(await this.tickets.ticketFor(principal, id))),
    });
  }
}
