import { exportedFiles, lazyIndex } from '../../build-tools/lazy-index';

/** Runs an index whose files each export their own name. */
function load(exportsByFile: Map<string, string[]>) {
  const loaded: string[] = [];
  const exported: Record<string, unknown> = {};
  const requireFile = (file: string) => {
    loaded.push(file);
    return Object.fromEntries(exportsByFile.get(file)!.map(name => [name, { name }]));
  };
  new Function('exports', 'require', lazyIndex(exportsByFile))(exported, requireFile);
  return { loaded, exported };
}

describe('the lazy index', () => {
  const files = new Map([['./a', ['A', 'LikeA']], ['./b', ['B']]]);

  test('names every export without loading a file', () => {
    const { exported, loaded } = load(files);

    expect(Object.keys(exported)).toEqual(['A', 'LikeA', 'B']);
    expect(loaded).toEqual([]);
  });

  test('loads a file once, when its name is touched', () => {
    const { exported, loaded } = load(files);

    expect(exported.B).toBe(exported.B);
    expect(loaded).toEqual(['./b']);
  });
});

describe('src/index.ts', () => {
  test('may have comments between its exports', () => {
    expect(exportedFiles("// a shelf\nexport * from './shelf/a';\n\n/* another */\nexport * from './b';\n")).toEqual(['./shelf/a', './b']);
  });

  test.each(["export { A } from './a';", "export * as a from './a';", "import './a';"])('refuses %s', line => {
    expect(() => exportedFiles(line)).toThrow(`but has: ${line}`);
  });
});
