import * as fs from 'fs';
import * as path from 'path';
import { Construct } from 'constructs';
import { canonicalStacks, LogicalIds, logicalIdsOf } from './canonical-stacks';
import * as library from '../../src';

const recorded = JSON.parse(fs.readFileSync(path.join(__dirname, 'logical-ids.json'), 'utf8')) as Record<string, LogicalIds>;

describe('the logical ids of', () => {
  test.each(Object.keys(canonicalStacks))('%s are the recorded ones', name => {
    const current = logicalIdsOf(name);
    const lost = difference(recorded[name] ?? {}, current);
    const added = difference(current, recorded[name] ?? {});

    if (lost.length + added.length > 0) {
      throw new Error([
        `CloudFormation takes a changed logical id for another resource: in the stacks of users of ${name} it`,
        ...lost.map(resource => `  deletes ${resource}`),
        ...added.map(resource => `  creates ${resource}`),
        'That needs a decision and an entry in the changelog that says what gets replaced. Then: npm run public-api:record.',
      ].join('\n'));
    }
  });

  test('every construct are recorded', () => {
    const constructs = Object.entries(library).filter(([, exported]) => typeof exported === 'function' && exported.prototype instanceof Construct).map(([name]) => name);

    expect(Object.keys(canonicalStacks)).toEqual(expect.arrayContaining(constructs));
  });

  test('constructs that are gone are not kept in the record', () => {
    expect(Object.keys(recorded).sort()).toEqual(Object.keys(canonicalStacks).sort());
  });
});

function difference(some: LogicalIds, others: LogicalIds): string[] {
  return Object.entries(some).filter(([id, type]) => others[id] !== type).map(([id, type]) => `${id} (${type})`);
}
