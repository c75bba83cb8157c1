import { EventInbox, ServiceKit, WorkSlots, type Surroundings, type Service } from '@flight-booking/platform';
import type { Config } from './config.js';
import { TooManyDocuments } from './documents/document.errors.js';
import { DocumentPress } from './documents/document-press.js';
import { CreditNoteRepository } from './invoices/credit-note.repository.js';
import { InvoiceController } from './invoices/invoice.controller.js';
import { InvoiceRepository } from './invoices/invoice.repository.js';
import { InvoiceService } from './invoices/invoice.service.js';
import { bookingCancelledConsumer } from './tickets/booking-cancelled.consumer.js';
import { BookingClient } from './tickets/booking.client.js';
import { feeReturnedConsumer } from './tickets/fee-returned.consumer.js';
import { CancellationService } from './tickets/cancellation.service.js';
import { tellBookingHandler } from './tickets/tell-booking.job.js';
import { TicketController } from './tickets/ticket.controller.js';
import { TicketRepository } from './tickets/ticket.repository.js';
import { TicketService } from './tickets/ticket.service.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { TimelineRepository } from './timeline/timeline.repository.js';
import { TimelineService } from './timeline/timeline.service.js';

/** Wires ticket-service together. Nothing is opened before the service starts. */
export function compose(config: Config, surroundings: Surroundings = {}): Service {
  const kit = new ServiceKit('ticket-service', config, surroundings);
  const database = kit.database(config, new URL('../migrations/', import.meta.url));
  const bookings = new BookingClient(kit.client('booking', config.BOOKING_URL));
  const invoicing = {
    series: config.INVOICE_SERIES,
    supplier: { name: config.SUPPLIER_NAME, address: config.SUPPLIER_ADDRESS, gstin: config.SUPPLIER_GSTIN },
  };

  const ticketRepository = new TicketRepository();
  const tickets = new TicketService(database, ticketRepository, bookings, invoicing, kit.clock);
  const cancellations = new CancellationService(
    ticketRepository,
    new CreditNoteRepository(),
    config.CREDIT_NOTE_SERIES,
    kit.clock,
  );
  const invoices = new InvoiceService(database, new InvoiceRepository());

  const drawing = { slots: 1, queue: config.PDF_QUEUE, refusal: () => new TooManyDocuments() };
  const press = new DocumentPress(new WorkSlots(drawing), config.PDF_CACHE_BYTES);

  kit.jobRunner(database, config, [tellBookingHandler(tickets)]);
  return kit.service([
    kit.stuckJobs(database, '/api/tickets'),
    new TicketController(tickets, press),
    new InvoiceController(invoices, press),
    new TimelineController(new TimelineService(database, new TimelineRepository())),
    new EventInbox(database, [bookingCancelledConsumer(cancellations), feeReturnedConsumer(cancellations)]),
  ]);
}
