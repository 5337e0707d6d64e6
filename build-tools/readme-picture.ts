/**
 * Takes docs/images/same-shop-twice.png, the picture of the README, of the pages that `npm run demo` leaves.
 */
import * as path from 'path';
import { PageBrowser } from '../test/page/browser';

const root = path.join(__dirname, '..');

async function main(): Promise<void> {
  const browser = await PageBrowser.start();
  try {
    const page = await browser.open(path.join(root, 'demo', 'out', 'index.html'), { viewport: { width: 1640, height: 1010 } });
    await page.waitForTimeout(500); // the arrows of both are drawn a frame later
    await page.screenshot({ path: path.join(root, 'docs', 'images', 'same-shop-twice.png') });
  } finally {
    await browser.stop();
  }
}

void main();
