import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { AxeBuilder } from '@axe-core/playwright';
import { App, Stack } from 'aws-cdk-lib';
import { Browser, BrowserContextOptions, chromium, Page } from 'playwright-core';
import { run } from '../../src/command/main';
import { zonesContext } from '../helpers/network';

/** A Chromium that looks at pages of the command, and keeps what they complain of and ask for. */
export class PageBrowser {
  public static async start(): Promise<PageBrowser> {
    const executable = (process.env.PATH ?? '').split(path.delimiter).map(folder => path.join(folder, 'chromium')).find(file => fs.existsSync(file));
    // in a container nothing else keeps it in, and what it opens is ours
    return new PageBrowser(await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] }));
  }

  /** What a page wrote into the console, threw, or asked of a network. */
  public readonly complaints: string[] = [];
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'page-'));

  private constructor(private readonly browser: Browser) {
  }

  /** The page of an app's assembly, as a file. */
  public pageOf(name: string, build: (app: App) => Stack): string {
    const app = new App({ outdir: path.join(this.folder, name), context: zonesContext });
    build(app);
    app.synth();
    return this.pageFor(name, app.outdir);
  }

  /** The page of one template, as a file. */
  public pageOfTemplate(name: string, template: object): string {
    const file = path.join(this.folder, `${name}.json`);
    fs.writeFileSync(file, JSON.stringify(template));
    return this.pageFor(name, file);
  }

  private pageFor(name: string, input: string): string {
    const file = path.join(this.folder, `${name}.html`);
    const fail = (text: string) => { throw new Error(text); };
    run([input, '--html'], { out: text => fs.writeFileSync(file, text), err: fail, isTerminal: false });
    return file;
  }

  public async open(file: string, options: BrowserContextOptions & { readonly fault?: string } = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.on('console', message => this.complaints.push(message.text()));
    page.on('pageerror', error => this.complaints.push(error.message));
    page.on('dialog', dialog => { this.complaints.push(dialog.message()); void dialog.dismiss(); });
    page.on('request', request => { if (!request.url().startsWith(`file://${file}`)) { this.complaints.push(request.url()); } });
    await page.goto(`file://${file}${options.fault === undefined ? '' : `#${encodeURIComponent(options.fault)}`}`);
    return page;
  }

  public async closePages(): Promise<void> {
    await Promise.all(this.browser.contexts().map(context => context.close()));
  }

  public async stop(): Promise<void> {
    await this.browser.close();
    fs.rmSync(this.folder, { recursive: true });
  }
}

/** What stands against the accessibility of a page as it is now. */
export async function barriersIn(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
}
