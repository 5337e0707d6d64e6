import { Construct } from 'constructs';
import { integApps, recorded, synthesized } from './integ-apps';
import * as library from '../../src';

describe('the whole template, as recorded beside the app by npm run public-api:record, of', () => {
  test.each(integApps)('%s', app => {
    expect([...synthesized(app)]).toEqual([...recorded(app)]);
  });
});

test('every construct has an app that can be deployed', () => {
  const constructs = Object.entries(library).filter(([, exported]) => typeof exported === 'function' && exported.prototype instanceof Construct).map(([name]) => name);
  const kebab = (name: string) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
  expect(integApps).toEqual(expect.arrayContaining(constructs.map(name => `integ.${kebab(name)}.ts`)));
});
