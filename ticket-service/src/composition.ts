import { ServiceKit, type Clock, type Service } from '@flight-booking/platform';
import type { Config } from './config.js';
import { InvoiceController } from './invoices/invoice.controller.js';
import { InvoiceRepository } from './invoices/invoice.repository.js';
import { InvoiceService } from './invoices/invoice.service.js';
import { BookingClient } from './tickets/booking.client.js';
import { tellBookingJob } from './tickets/tell-booking.job.js';
import { TicketController } from './tickets/ticket.controller.js';
import { TicketRepository } from './tickets/ticket.repository.js';
import { TicketService } from './tickets/ticket.service.js';

const MIGRATIONS = new URL('../migrations/', import.meta.url);

/** Builds ticket-service from its parts. */
export function compose(config: Config, overrides: { readonly clock?: Clock } = {}): Service {
  const kit = new ServiceKit('ticket-service', config, overrides);
  const database = kit.database(config, MIGRATIONS);
  const bookings = new BookingClient(kit.client('booking', config.BOOKING_URL));
  const invoicing = {
    series: config.INVOICE_SERIES,
    supplier: { name: config.SUPPLIER_NAME, address: config.SUPPLIER_ADDRESS, gstin: config.SUPPLIER_GSTIN },
  };
  const tickets = new TicketService(new TicketRepository(database), bookings, invoicing, kit.clock);
  const invoices = new InvoiceService(new InvoiceRepository(database));
  kit.jobRunner(database, config, [tellBookingJob(tickets)]);
  return kit.service([new TicketController(tickets), new InvoiceController(invoices)]);
}
