/**
 * `npm run demo`: synthesizes a site in three tiers, really makes it in the emulator, and shows what then stands in each zone.
 *
 * The templates stay in demo/out.
 */
import * as fs from 'fs';
import * as path from 'path';
import { App } from 'aws-cdk-lib';
import { regionalInventory } from './regional-inventory';
import { NEED, Shop } from './shop';
import { preparePythonEnvironment } from '../build-tools/python-environment';
import { Deployment, Emulator } from '../test/emulator/emulator';
import { inventoryOf, ZoneInventory } from '../test/emulator/zone-inventory';

const outdir = path.join(__dirname, 'out');
const env = { account: '123456789012', region: 'eu-west-1' };
const zones = ['a', 'b', 'c'].map(letter => `${env.region}${letter}`);

/** Runs a step, and says what it does, what came of it and how long it took. */
async function step<T>(doing: string, run: () => T | Promise<T>, outcome: (result: T) => string = () => ''): Promise<T> {
  process.stdout.write(`${doing} … `);
  const started = Date.now();
  const result = await run();
  console.log([outcome(result), `${((Date.now() - started) / 1000).toFixed(1)} s`].filter(text => text).join(', '));
  return result;
}

function synthesize(): Shop {
  fs.rmSync(outdir, { recursive: true, force: true });
  const app = new App({
    outdir,
    // what CDK would otherwise look up in the account
    context: { [`availability-zones:account=${env.account}:region=${env.region}`]: zones },
  });
  const shop = new Shop(app, 'Shop', { env });
  app.synth();
  return shop;
}

function countByType(deployment: Deployment): string {
  const counts = new Map<string, number>();
  deployment.resources.forEach(({ type }) => counts.set(type, (counts.get(type) ?? 0) + 1));
  return [...counts].sort().map(([type, count]) => `  ${String(count).padStart(3)} ${type}`).join('\n');
}

function table(inventory: ZoneInventory[]): string {
  const rows = [
    ['zone', 'instances', 'load balancer', 'way out through', 'address'],
    ...inventory.map(zone => [
      zone.zone, String(zone.instances), zone.loadBalancer ? 'yes' : 'no', `NAT in ${zone.wayOut}`, zone.publicAddress,
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  return rows.map(row => `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd()).join('\n');
}

async function main(): Promise<void> {
  await step('Python environment', preparePythonEnvironment, () => 'ready');
  const shop = await step('synthesize', synthesize, ({ stackName }) => `demo/out/${stackName}.template.json`);
  const emulator = await step('start the emulator', () => Emulator.start(), ({ endpoint }) => endpoint);
  try {
    const deployment = await step('deploy', () => emulator.deploy(shop), ({ resources }) => `${resources.length} resources made and read back`);
    const config = emulator.clientConfig(env.region);
    const vpcId = deployment.physicalId(shop.getLogicalId(shop.site.vpc.node.defaultChild as never));
    const [inventory, regional] = await step('ask the services', () => Promise.all([inventoryOf(config, vpcId), regionalInventory(config)]));

    console.log(`\nMade:\n${countByType(deployment)}`);
    console.log(`\nIn each zone:\n${table(inventory)}`);
    console.log(`\nOver the zones:\n${regional.map(line => `  ${line}`).join('\n')}`);
    const running = inventory.reduce((sum, zone) => sum + zone.instances, 0);
    const most = Math.max(...inventory.map(zone => zone.instances));
    console.log(`\nThe need is ${NEED}. Without any one zone, ${running - most} of ${running} web servers are left, at once.`);
    const seconds = shop.site.failover.expectedFailoverTime.toSeconds();
    console.log(`Without all of them, the static pages answer after about ${seconds} s, by the figures of the health check; not run on AWS.`);
  } finally {
    await step('stop the emulator', () => emulator.stop());
  }
}

main().catch(error => {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
