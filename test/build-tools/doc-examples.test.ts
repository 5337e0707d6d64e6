import { examplesIn, withFixture } from '../../build-tools/check-doc-examples';

const fixture = 'fixed();\n  /// here\nend();\n';

describe('examplesIn', () => {
  test('finds TypeScript only, with the line it begins on', () => {
    const page = '# Title\n\n```sh\nls\n```\n\n```ts fixture=other\nnew A();\nnew B();\n```\n';

    expect(examplesIn('page.md', page)).toEqual([{ page: 'page.md', line: 8, parameters: 'fixture=other', code: 'new A();\nnew B();\n' }]);
  });
});

describe('withFixture', () => {
  const example = { page: 'page.md', line: 10, parameters: '', code: "import {\n  A,\n} from 'a';\nnew A();\n" };

  test('puts the statements where the fixture says, and the imports on top', () => {
    const { source } = withFixture(example, () => fixture);

    expect(source.replace(/\n+/g, '\n')).toBe("import {   A, } from 'a';\nfixed();\nnew A();\nend();\n");
  });

  test('knows the line of the page that a statement comes from', () => {
    const { source, pageLine } = withFixture(example, () => fixture);

    expect(pageLine(source.split('\n').indexOf('new A();') + 1)).toBe(13);
  });

  test('asks for the named fixture, and for the default one otherwise', () => {
    const asked: string[] = [];
    const readFixture = (name: string) => { asked.push(name); return fixture; };
    withFixture(example, readFixture);
    withFixture({ ...example, parameters: 'fixture=own-imports' }, readFixture);

    expect(asked).toEqual(['default', 'own-imports']);
  });

  test('leaves an example without fixture as it is', () => {
    expect(withFixture({ ...example, parameters: 'nofixture' }, () => fixture).source).toBe(example.code);
  });
});
