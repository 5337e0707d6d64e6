import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { baselineFile, currentAssembly, recordedApi } from './recorded-api';

const root = path.resolve(__dirname, '..', '..');
// outside the project: jsii-docgen takes every assembly that it finds in there for ours
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'public-api-'));

interface Type {
  readonly kind: string;
  readonly datatype?: boolean;
  readonly fqn: string;
  properties?: { readonly name: string; optional?: boolean }[];
}

beforeAll(() => fs.symlinkSync(path.join(root, 'node_modules'), path.join(scratch, 'node_modules')));
afterAll(() => fs.rmSync(scratch, { recursive: true }));

describe('the public API', () => {
  test('is compatible with the baseline', () => {
    const breaking = breakingChanges(JSON.parse(fs.readFileSync(baselineFile, 'utf8')) as object, currentAssembly());

    if (breaking !== '') {
      throw new Error(`This breaks the code of users:\n${breaking}\n`
        + 'If it is meant, list the keys in test/public-api/accepted-changes.txt and write it into the changelog; '
        + 'after the release: npm run public-api:record.');
    }
  });

  test('cannot lose a prop unnoticed', () => {
    const { assembly, prop } = withoutOneOptionalProp();

    expect(breakingChanges(recordedApi(currentAssembly()), assembly)).toContain(`removed:${prop}`);
  });

  test('is not judged by its comments', () => {
    const commented = JSON.parse(JSON.stringify(currentAssembly()).replace(/"summary":"(?:[^"\\]|\\.)*"/g, '"summary":"said otherwise"')) as object;

    expect(recordedApi(commented as ReturnType<typeof currentAssembly>)).toEqual(recordedApi(currentAssembly()));
  });
});

function withoutOneOptionalProp() {
  const assembly = currentAssembly();
  const types = Object.values(assembly.types as unknown as Record<string, Type>);
  const props = types.find(type => type.datatype && type.properties?.some(property => property.optional));
  const [gone] = props!.properties!.filter(property => property.optional);
  props!.properties = props!.properties!.filter(property => property !== gone);
  return { assembly, prop: `${props!.fqn}.${gone.name}` };
}

/** What jsii-diff has to say; '' when nothing breaks. Everything here is experimental, and counts nevertheless. */
function breakingChanges(before: object, after: object): string {
  const { status, stderr } = spawnSync(path.join(root, 'node_modules', '.bin', 'jsii-diff'), [
    packageWith('before', before), packageWith('after', after),
    '--error-on', 'all', '--keys', '--ignore-file', path.join(__dirname, 'accepted-changes.txt'),
  ], { encoding: 'utf8', cwd: root });
  const findings = stderr.split('\n').filter(line => line !== '' && !line.startsWith('!!')).join('\n');
  if (status !== 0 && findings === '') throw new Error(`jsii-diff ended with ${status}`);
  return status === 0 ? '' : findings;
}

function packageWith(name: string, assembly: object): string {
  const folder = path.join(scratch, name);
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  fs.writeFileSync(path.join(folder, '.jsii'), JSON.stringify(assembly));
  return folder;
}
