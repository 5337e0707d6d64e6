import * as fs from 'fs';
import * as path from 'path';
import { Rule } from '../../src/fault-checks/rule';
import { parseTemplate } from '../../src/fault-simulation/template/read';
import { RawTemplate, World } from '../../src/fault-simulation/template/world';

/** What a rule has to say of a resource in a few others. */
export interface Case {
  readonly about: string;
  readonly expected: 'compliant' | 'non-compliant' | 'not-applicable' | 'unknown';
  readonly subject: string;
  readonly parameters?: readonly string[];
  readonly resources: RawTemplate['Resources'];
}

/** A stack of these resources, with parameters that have no value. */
export function worldOf(resources: RawTemplate['Resources'], parameters: readonly string[] = []): World {
  const declared = Object.fromEntries(parameters.map(name => [name, { Type: 'String' }]));
  return new World([{ name: 'Stack', region: 'eu-west-1', template: { Parameters: declared, Resources: resources } }]);
}

/** Written down with the short forms of templates. */
export function casesOf(rule: Rule): readonly Case[] {
  return parseTemplate(fs.readFileSync(path.join(__dirname, 'cases', `${rule.id}.yaml`), 'utf8')) as readonly Case[];
}
