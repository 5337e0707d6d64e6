/** `npm run public-api:record`: takes the compiled API, today's logical ids and the templates in integ/ as what must be kept. */
import * as fs from 'fs';
import * as path from 'path';
import { canonicalStacks, logicalIdsOf } from './canonical-stacks';
import { integApps, record } from './integ-apps';
import { baselineFile, currentAssembly, recordedApi } from './recorded-api';

process.env.CDK_VALIDATION ??= 'false';

function write(file: string, content: object) {
  fs.writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

write(baselineFile, recordedApi(currentAssembly()));
write(path.join(__dirname, 'logical-ids.json'), Object.fromEntries(Object.keys(canonicalStacks).map(name => [name, logicalIdsOf(name)])));
integApps.forEach(record);
