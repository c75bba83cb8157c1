import { runService } from '@flight-booking/platform';
import { compose } from './composition.js';
import { readConfig } from './config.js';

await runService(() => compose(readConfig()));
