import { ownCluster } from './kubernetes.js';
import { dashboard } from './server.js';
import { readSettings } from './settings.js';
import { builtVersion } from './version.js';

const settings = readSettings(process.env, await builtVersion());
const api = dashboard(settings, ownCluster());
api.server.listen(settings.port, () => console.log(`listening on ${settings.port}`));
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void api.stop().then(() => process.exit(0)));
}
