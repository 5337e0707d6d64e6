/**
 * `npm run demo`: synthesizes a site in three tiers, really makes it in the emulator, and shows what then stands in each zone; and what
 * still stands of it, and of one as many start, when something is gone.
 *
 * The templates and the pages stay in demo/out.
 */
import * as fs from 'fs';
import * as path from 'path';
import { App } from 'aws-cdk-lib';
import { FragileShop } from './fragile-shop';
import { regionalInventory } from './regional-inventory';
import { NEED, Shop } from './shop';
import { preparePythonEnvironment } from '../build-tools/python-environment';
import { run as runCommand } from '../src/command/main';
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

function synthesize<T>(folder: string, build: (app: App) => T): T {
  const app = new App({
    outdir: path.join(outdir, folder),
    // what CDK would otherwise look up in the account
    context: { [`availability-zones:account=${env.account}:region=${env.region}`]: zones },
  });
  const built = build(app);
  app.synth();
  return built;
}

/** What the command says of an assembly. */
function simulated(folder: string, ...options: string[]): string {
  const lines: string[] = [];
  const fail = (text: string) => { throw new Error(text); };
  runCommand([path.join(outdir, folder), ...options], { out: text => lines.push(text), err: fail, isTerminal: process.stdout.isTTY });
  return lines.join('\n');
}

/** The pages of both, beside each other, in each of which the first zone is gone. */
function writePages(folders: readonly string[]): string {
  folders.forEach(folder => fs.writeFileSync(path.join(outdir, `${folder}.html`), simulated(folder, '--html')));
  const frames = folders.map(folder => `<iframe title="${folder}" src="${folder}.html#${encodeURIComponent(`zone:${zones[0]}`)}"></iframe>`);
  fs.writeFileSync(path.join(outdir, 'index.html'), [
    '<!DOCTYPE html>', '<html lang="en">', '<meta charset="utf-8">', '<meta name="viewport" content="width=device-width">',
    '<title>The same shop twice</title>',
    '<style>body { margin: 0; display: flex; flex-wrap: wrap; } iframe { flex: 1 1 40rem; height: 100vh; border: 0; }</style>',
    ...frames, '</html>', '',
  ].join('\n'));
  return 'demo/out/index.html';
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
  fs.rmSync(outdir, { recursive: true, force: true });
  const shop = await step('synthesize', () => synthesize('ThreeTierSite', app => new Shop(app, 'Shop', { env })), () => 'demo/out/ThreeTierSite');
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

  synthesize('FragileSite', app => new FragileShop(app, 'FragileShop', { env }));
  for (const folder of ['FragileSite', 'ThreeTierSite']) { console.log(`\n${folder}, when something is gone:\n\n${simulated(folder)}`); }
  console.log('');
  await step('the same to look at', () => writePages(['FragileSite', 'ThreeTierSite']), page => page);
}

main().catch(error => {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
