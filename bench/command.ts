import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App } from 'aws-cdk-lib';
import { Browser, chromium } from 'playwright-core';
import { against } from './goal';
import { stackWith } from './stacks';
import { median, timed } from './statistics';

const command = path.join(__dirname, '..', 'bin', 'cdk-fault-tolerance');
const ROUNDS = 7;

/** The command as a process of its own over a large assembly, and its page in Chromium. */
export async function benchCommand(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  try {
    const app = new App({ outdir: path.join(folder, 'cdk.out') });
    for (let i = 0; i < 85; i++) { stackWith.ours(app, `Shop${i}`); }
    app.synth();
    const small = path.join(folder, 'small.json');
    fs.writeFileSync(small, '{"Resources": {}}');

    const node = times(() => spawnSync(process.execPath, ['--eval', '0']));
    against(150, 'milliseconds beyond the start of node', times(() => run(small)) - node);
    against(3000, 'milliseconds for 5015 resources', times(() => run(app.outdir)));
    against(3000, 'milliseconds for their page', times(() => run(app.outdir, '--html')));

    const page = path.join(folder, 'page.html');
    fs.writeFileSync(page, run(app.outdir, '--html'));
    await benchPage(page);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function run(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) { throw new Error(`the command failed: ${stderr}`); }
  return stdout;
}

function times(work: () => void): number {
  work();
  return median(Array.from({ length: ROUNDS }, () => timed(work)));
}

async function benchPage(file: string): Promise<void> {
  const executablePath = (process.env.PATH ?? '').split(path.delimiter).map(folder => path.join(folder, 'chromium')).find(one => fs.existsSync(one));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const all: { open: number; click: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) { all.push(await openAndClick(browser, file)); }
    against(1000, `milliseconds until its page of ${Math.round(fs.statSync(file).size / 1000)} kB is painted`, median(all.map(({ open }) => open)));
    against(100, 'milliseconds from a click on a zone until that is painted', median(all.map(({ click }) => click)));
  } finally {
    await browser.close();
  }
}

/** By the page's own clock: two frames after what is awaited, it is on the screen. A text, since tsx marks functions. */
const MEASURE = `(async () => {
  const painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))));
  const open = await painted();
  const start = performance.now();
  document.querySelector('.zone').click();
  return { open, click: await painted() - start };
})()`;

async function openAndClick(browser: Browser, file: string): Promise<{ open: number; click: number }> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  await page.goto(`file://${file}`);
  const measured = await page.evaluate<{ open: number; click: number }>(MEASURE);
  await page.close();
  return measured;
}
