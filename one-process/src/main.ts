import { runProcess } from '@flight-booking/platform';
import { composeAll } from './one-process.js';

await runProcess(() => composeAll());
