import { idText } from '@flight-booking/contracts';
import { binary, defineRoute, reply, type Route } from '@flight-booking/platform';
import { z } from 'zod';
import { renderInvoice } from '../documents/invoice-document.js';
import { PDF_CONTENT_TYPE, pdfHeaders } from '../documents/pdf-headers.js';
import { InvoiceNotFound } from './invoice.errors.js';
import { invoiceAnswer, toInvoiceAnswer } from './invoice.schemas.js';
import type { InvoiceService } from './invoice.service.js';

const params = z.strictObject({ id: idText });

/** `/api/invoices`. The path that ends in `.pdf` stands first, since the other one matches it too. */
export class InvoiceController {
  readonly routes: readonly Route[];

  constructor(private readonly invoices: InvoiceService) {
    this.routes = [this.document(), this.invoice()];
  }

  private document(): Route {
    return defineRoute({
      method: 'GET',
      path: '/api/invoices/:id.pdf',
      operation: 'downloadInvoice',
      summary: 'The tax invoice as a PDF document',
      tag: 'Tickets',
      auth: 'user',
      input: { params },
      output: { 200: binary(PDF_CONTENT_TYPE) },
      problems: [InvoiceNotFound],
      handler: async ({ params: { id }, principal }) => {
        const invoice = await this.invoices.invoiceFor(principal, id);
        const fileName = `invoice-${invoice.invoiceNumber.replaceAll('/', '-')}.pdf`;
        return reply(200, await renderInvoice(invoice), pdfHeaders(fileName));
      },
    });
  }

  private invoice(): Route {
    return defineRoute({
      method: 'GET',
      path: '/api/invoices/:id',
      operation: 'getInvoice',
      summary: 'A tax invoice',
      tag: 'Tickets',
      auth: 'user',
      input: { params },
      output: { 200: invoiceAnswer },
      problems: [InvoiceNotFound],
      handler: async ({ params: { id }, principal }) =>
        reply(200, toInvoiceAnswer(await this.invoices.invoiceFor(principal, id))),
    });
  }
}
