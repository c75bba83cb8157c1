import { idText } from '@flight-booking/contracts';
import {
  binary,
  defineRoute,
  reply,
  type Route,
  type RouteSource,
  type UserPrincipal,
} from '@flight-booking/platform';
import { z } from 'zod';
import { TooManyDocuments } from '../documents/document.errors.js';
import type { DocumentPress } from '../documents/document-press.js';
import { PDF_CONTENT_TYPE, pdfHeaders } from '../documents/pdf-headers.js';
import { renderCreditNote } from './credit-note-document.js';
import { renderInvoice } from './invoice-document.js';
import type { CreditNoteOccasion } from './invoice.js';
import { CreditNoteNotFound, InvoiceNotFound } from './invoice.errors.js';
import { invoiceAnswer } from './invoice.schemas.js';
import type { InvoiceService } from './invoice.service.js';
import { CREDIT_NOTE_DOCUMENTS, toInvoiceView } from './invoice.view.js';

const tag = 'Tickets';
const params = z.strictObject({ id: idText });

/** A number such as `FB/26-27/0000123` in a file's name. */
const fileNameOf = (kind: string, number: string): string => `${kind}-${number.replaceAll('/', '-')}.pdf`;

/** Looking at invoices and credit notes. */
export class InvoiceController implements RouteSource {
  readonly routes: readonly Route[] = [
    this.creditNoteRoute('cancellation', {
      operation: 'downloadCreditNote',
      summary: 'The credit note that takes an invoice back, as a PDF document',
    }),
    this.creditNoteRoute('returned_fee', {
      operation: 'downloadFeeCreditNote',
      summary: 'The credit note over a cancellation fee that was given back, as a PDF document',
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
      problems: [InvoiceNotFound, TooManyDocuments],
      handler: async ({ params: { id }, principal, gone }) => {
        const invoice = await this.invoices.invoiceFor(principal, id);
        const fileName = fileNameOf('invoice', invoice.invoiceNumber);
        const draw = () => renderInvoice(invoice);
        return reply(200, await this.press.print(fileName, draw, gone), pdfHeaders(fileName));
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

  constructor(
    private readonly invoices: InvoiceService,
    private readonly press: DocumentPress,
  ) {}

  private creditNoteRoute(
    occasion: CreditNoteOccasion,
    named: { readonly operation: string; readonly summary: string },
  ): Route {
    return defineRoute({
      method: 'GET',
      path: `/api/invoices/:id/${CREDIT_NOTE_DOCUMENTS[occasion]}.pdf`,
      ...named,
      tag,
      auth: 'user',
      input: { params },
      output: { 200: binary(PDF_CONTENT_TYPE) },
      problems: [InvoiceNotFound, CreditNoteNotFound, TooManyDocuments],
      handler: ({ params: { id }, principal, gone }) => this.printCreditNote(principal, id, occasion, gone),
    });
  }

  private async printCreditNote(
    reader: UserPrincipal,
    invoiceId: number,
    occasion: CreditNoteOccasion,
    gone: AbortSignal,
  ) {
    const { invoice, creditNote } = await this.invoices.creditNoteFor(reader, invoiceId, occasion);
    const fileName = fileNameOf('credit-note', creditNote.creditNoteNumber);
    const draw = () => renderCreditNote(invoice, creditNote);
    return reply(200, await this.press.print(fileName, draw, gone), pdfHeaders(fileName));
  }
}
