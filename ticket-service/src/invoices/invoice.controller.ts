import { idText } from '@flight-booking/contracts';
import { binary, defineRoute, reply, type Route, type RouteSource } from '@flight-booking/platform';
import { z } from 'zod';
import { PDF_CONTENT_TYPE, pdfHeaders } from '../documents/pdf-headers.js';
import { renderCreditNote } from './credit-note-document.js';
import { renderInvoice } from './invoice-document.js';
import { CreditNoteNotFound, InvoiceNotFound } from './invoice.errors.js';
import { invoiceAnswer } from './invoice.schemas.js';
import type { InvoiceService } from './invoice.service.js';
import { toInvoiceView } from './invoice.view.js';

const tag = 'Tickets';
const params = z.strictObject({ id: idText });

/** A number such as `FB/26-27/0000123` in a file's name. */
const fileNameOf = (kind: string, number: string): string => `${kind}-${number.replaceAll('/', '-')}.pdf`;

/** Looking at invoices and credit notes. */
export class InvoiceController implements RouteSource {
  readonly routes: readonly Route[] = [
    defineRoute({
      method: 'GET',
      path: '/api/invoices/:id/credit-note.pdf',
      operation: 'downloadCreditNote',
      summary: 'The credit note that takes an invoice back, as a PDF document',
      tag,
      auth: 'user',
      input: { params },
      output: { 200: binary(PDF_CONTENT_TYPE) },
      problems: [InvoiceNotFound, CreditNoteNotFound],
      handler: async ({ params: { id }, principal }) => {
        const { invoice, creditNote } = await this.invoices.creditNoteFor(principal, id);
        const fileName = fileNameOf('credit-note', creditNote.creditNoteNumber);
        return reply(200, await renderCreditNote(invoice, creditNote), pdfHeaders(fileName));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/invoices/:id.pdf',
      operation: 'downloadInvoice',
      summary: 'The tax invoice as a PDF document',
      tag,
      auth: 'user',
      input: { params },
      output: { 200: binary(PDF_CONTENT_TYPE) },
      problems: [InvoiceNotFound],
      handler: async ({ params: { id }, principal }) => {
        const invoice = await this.invoices.invoiceFor(principal, id);
        const fileName = fileNameOf('invoice', invoice.invoiceNumber);
        return reply(200, await renderInvoice(invoice), pdfHeaders(fileName));
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/invoices/:id',
      operation: 'getInvoice',
      summary: 'A tax invoice',
      tag,
      auth: 'user',
      input: { params },
      output: { 200: invoiceAnswer },
      problems: [InvoiceNotFound],
      handler: async ({ params: { id }, principal }) =>
        reply(200, toInvoiceView(await this.invoices.invoiceFor(principal, id))),
    }),
  ];

  constructor(private readonly invoices: InvoiceService) {}
}
