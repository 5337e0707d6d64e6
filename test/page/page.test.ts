import { Page } from 'playwright-core';
import { barriersIn, PageBrowser } from './browser';
import { FragileShop } from '../../demo/fragile-shop';
import { Shop } from '../../demo/shop';
import { env } from '../helpers/network';

let browser: PageBrowser;
let threeTier: string;
let fragile: string;

beforeAll(async () => {
  browser = await PageBrowser.start();
  threeTier = browser.pageOf('three', app => new Shop(app, 'Shop', { env }));
  fragile = browser.pageOf('fragile', app => new FragileShop(app, 'Fragile', { env }));
});

afterAll(() => browser.stop());

afterEach(async () => {
  await browser.closePages();
  expect(browser.complaints.splice(0)).toEqual([]);
});

/** What a component shows. */
function block(page: Page, label: string) {
  return page.locator('.block', { has: page.getByText(label, { exact: true }) });
}

/** How it is shown: its look, and its words. */
async function shown(page: Page, label: string): Promise<readonly (string | null)[]> {
  return [await block(page, label).getAttribute('data-look'), await block(page, label).locator('.words').textContent()];
}

describe('the page of a site in three tiers', () => {
  test('has a column for each zone, a row for each tier, and an arrow to what something needs', async () => {
    const page = await browser.open(threeTier);
    expect(await page.title()).toBe('What still stands: Shop, ShopEdge');
    expect(await page.locator('.zone').allTextContents()).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
    expect(await page.locator('.tier h3').allTextContents()).toEqual(['Names and edge', 'Entry', 'Compute', 'Data', 'Network']);
    expect(await page.locator('.arrows path').count()).toBeGreaterThan(5);
    expect(await shown(page, 'SiteDatabaseInstance')).toEqual(['', '']);
    const [nat, zone] = await Promise.all([block(page, 'SiteVpcPublicSubnet2NATGateway'), page.locator('.zone').nth(1)].map(one => one.boundingBox()));
    expect(Math.abs((nat?.x ?? 0) - (zone?.x ?? 1000))).toBeLessThan(2);
  });

  test('shows without a zone what is down at once, what comes back when, and why', async () => {
    const page = await browser.open(threeTier);
    await page.getByRole('button', { name: 'eu-west-1a', exact: true }).click();
    expect(await shown(page, 'SiteDatabaseInstance')).toEqual(['interrupted', 'down, back in 2 min']);
    expect(await shown(page, 'SiteVpcPublicSubnet1NATGateway')).toEqual(['lost', 'lost']);
    expect(await shown(page, 'SiteVpcPublicSubnet2NATGateway')).toEqual(['unaffected', 'stands']);
    expect(await page.locator('#story-title').textContent()).toBe('Without zone eu-west-1a');
    expect(await page.locator('.sum').textContent()).toBe('Of 3 services: 2 down for a while, 1 unaffected.');
    expect(await page.locator('.effect').first().textContent()).toContain('takes over');
    expect(await page.locator('.arrows .hit').count()).toBeGreaterThan(2);

    await page.getByLabel('after recovery').check();
    expect(await shown(page, 'SiteDatabaseInstance')).toEqual(['back', 'back after 2 min']);
    expect(await shown(page, 'SiteVpcPublicSubnet1NATGateway')).toEqual(['lost', 'lost']);

    await page.getByRole('button', { name: 'eu-west-1a', exact: true }).click();
    expect(await shown(page, 'SiteDatabaseInstance')).toEqual(['', '']);
    expect(await page.locator('#story-title').textContent()).toBe('Nothing is gone');
  });

  test('takes a component that is chosen, and offers what else can happen to it', async () => {
    const page = await browser.open(threeTier);
    await block(page, 'SiteDatabaseInstance').click();
    expect(await page.locator('#story-title').textContent()).toBe("Without the primary's host of Shop/SiteDatabaseInstance");
    expect(await shown(page, 'SiteDatabaseInstance')).toEqual(['interrupted', 'down, back in 2 min']);
    await page.getByRole('button', { name: 'all of it' }).click();
    expect(await shown(page, 'SiteDatabaseInstance')).toEqual(['lost', 'lost']);
    expect(await shown(page, 'SiteWebInstancesASG')).toEqual(['lost', 'lost']);
    expect(await block(page, 'SiteDatabaseInstance').getAttribute('aria-pressed')).toBe('true');
  });

  test('is worked by the keyboard', async () => {
    const page = await browser.open(threeTier);
    await page.getByRole('button', { name: 'eu-west-1b', exact: true }).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#story-title').textContent()).toBe('Without zone eu-west-1b');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await page.locator('#story-title').textContent()).toBe('Without zone eu-west-1c');
  });

  test('hides on request what is not hit', async () => {
    const page = await browser.open(threeTier, { fault: 'nat:Shop/SiteVpcPublicSubnet1NATGateway3337D795' });
    const blocks = page.locator('.tier .block:visible');
    const all = await blocks.count();
    await page.getByLabel('only what is hit').check();
    expect(await blocks.count()).toBeLessThan(all);
    expect(await blocks.allTextContents()).toEqual([expect.stringContaining('SiteVpcPublicSubnet1NATGateway')]);
  });

  test('shows one stack on request', async () => {
    const page = await browser.open(threeTier);
    await page.getByLabel('Stack').selectOption('ShopEdge');
    expect(await page.locator('.tier .block:visible').count()).toBe(0);
  });

  test('has a table of all faults that is searched, and leads to each', async () => {
    const page = await browser.open(threeTier);
    const rows = page.locator('#table tbody tr');
    const all = await rows.count();
    await page.getByLabel('Search').fill('PRIMARY host loadbalancer');
    expect(await rows.count()).toBe(1);
    expect(all).toBeGreaterThan(5);
    expect(await page.locator('.count').textContent()).toBe(`1 of ${all}`);
    await rows.getByRole('button').click();
    expect(await page.locator('#story-title').textContent()).toContain("primary's host");
    await page.getByLabel('Search').fill('no such thing');
    expect(await page.locator('.count').textContent()).toBe(`0 of ${all}`);
  });

  test('is found again by its address', async () => {
    const page = await browser.open(threeTier, { fault: 'zone:eu-west-1c' });
    expect(await page.locator('#fault').inputValue()).toBe('zone:eu-west-1c');
    await page.locator('#fault').selectOption('zone:eu-west-1b');
    expect(new URL(page.url()).hash).toBe('#zone%3Aeu-west-1b');
  });
});

describe('the page of a fragile site', () => {
  test('shows that all of it is lost, since when, and what would change it', async () => {
    const page = await browser.open(fragile, { fault: 'zone:eu-west-1a' });
    expect(await page.locator('.sum').textContent()).toBe('Of 2 services: 2 lost, 0 unaffected.');
    expect(await page.locator('.effect').first().textContent()).toContain('what would change it: an Auto Scaling group over two zones');
    await page.getByLabel('after recovery').check();
    expect(await shown(page, 'SiteRecord')).toEqual(['lost', 'lost']);
  });
});

describe('a page', () => {
  const looks = [
    { colorScheme: 'light', width: 1280 }, { colorScheme: 'dark', width: 1280 }, { colorScheme: 'light', width: 360 }, { colorScheme: 'dark', width: 2560 },
  ] as const;
  test.each(looks)('has no barrier that axe knows, and nothing is cut off ($colorScheme, $width wide)', async ({ colorScheme, width }) => {
    for (const [file, fault] of [[threeTier, undefined], [threeTier, 'zone:eu-west-1a'], [fragile, 'zone:eu-west-1b']] as const) {
      const page = await browser.open(file, { colorScheme, viewport: { width, height: 800 }, fault });
      await page.locator('details').evaluateAll(all => all.forEach(one => { (one as HTMLDetailsElement).open = true; }));
      expect(await barriersIn(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });

  test('is printed without its controls, whole', async () => {
    const page = await browser.open(threeTier, { fault: 'zone:eu-west-1a' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('form').isVisible()).toBe(false);
    expect(await page.locator('#table tbody tr').first().isVisible()).toBe(true);
    expect(await page.locator('#story').evaluate(one => getComputedStyle(one).overflow)).toBe('visible');
  });

  test('takes names for data', async () => {
    const name = '</script><img src="x" onerror="alert(1)">\u202e';
    const file = browser.pageOfTemplate('hostile', {
      Resources: {
        [name]: { Type: 'AWS::EC2::EIP', Properties: { InstanceId: { Ref: 'Server' } }, Metadata: { 'aws:cdk:path': `Stack/<b>${name}/Resource` } },
        Server: { Type: 'AWS::EC2::Instance', Properties: { AvailabilityZone: 'eu-west-1a' } },
        Strange: { Type: '<i>Vendor::A::B' },
      },
    });
    const page = await browser.open(file, { fault: 'zone:eu-west-1a' });
    expect(await page.locator('img, b b, i').count()).toBe(0);
    expect(await page.locator('.effect b').first().textContent()).toContain('</script><img src="x"');
    expect(await page.locator('body').textContent()).not.toContain('\u202e');
  });

  test('says so where there is nothing to see', async () => {
    const page = await browser.open(browser.pageOfTemplate('empty', { Resources: {} }));
    expect(await page.locator('#story-text').textContent()).toMatch(/^No service of the application is in these templates/);
    expect(await page.locator('.count').textContent()).toBe('No single fault is seen by users.');
    expect(await barriersIn(page)).toEqual([]);
  });

  test('asks nothing of any network, and could not', async () => {
    const page = await browser.open(fragile);
    const refused = await page.evaluate(() => fetch('https://example.com/').then(() => false, () => true));
    expect(refused).toBe(true);
    expect(browser.complaints.splice(0).join()).toContain('Content Security Policy');
  });
});
