/**
 * Rewrites lib/index.js so that requiring the package loads none of its files: each export loads its file on first touch.
 *
 * An app that uses one construct would otherwise load all of them, and with them the service modules of aws-cdk-lib that only the
 * others need, at every `cdk synth`. aws-cdk-lib's own index is made the same way.
 */
import * as fs from 'fs';
import * as path from 'path';

const root = path.resolve(__dirname, '..');

export function lazyIndex(exportsByFile: Map<string, string[]>): string {
  const lines = [...exportsByFile].flatMap(([file, names]) => names.flatMap(name => [
    // Never read: it is how node's lexer, which does not run the file, learns the names for `import { X }`.
    `exports.${name} = void 0;`,
    `lazily('${name}', () => require('${file}').${name});`,
  ]));
  return `"use strict";
// Written by build-tools/lazy-index.ts after jsii has compiled src/index.ts.
Object.defineProperty(exports, '__esModule', { value: true });
${lines.join('\n')}
function lazily(name, load) {
  const define = descriptor => Object.defineProperty(exports, name, { enumerable: true, configurable: true, ...descriptor });
  define({ get: () => { const value = load(); define({ value }); return value; } });
}
`;
}

/** The files that src/index.ts exports: from the source, since lib/index.js may be rewritten already. */
export function exportedFiles(source: string): string[] {
  return withoutComments(source).split('\n').filter(line => line.trim() !== '').map(line => {
    const file = /^export \* from '(\.\/[^']+)';$/.exec(line.trim())?.[1];
    if (file === undefined) {
      throw new Error(`src/index.ts may only contain lines such as "export * from './folder/file';", but has: ${line}`);
    }
    return file;
  });
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
}

/** What a compiled file exports at run time: interfaces are gone, and it is node that says so. */
function exportedNames(file: string): string[] {
  const compiled = require.resolve(path.join(root, 'lib', file));
  if (/__exportStar\(require/.test(fs.readFileSync(compiled, 'utf8'))) {
    throw new Error(`${file} re-exports other files, so touching one of its names would load them all: list them in src/index.ts`);
  }
  return Object.keys(require(compiled) as object); // eslint-disable-line @typescript-eslint/no-require-imports
}

function main() {
  const files = exportedFiles(fs.readFileSync(path.join(root, 'src', 'index.ts'), 'utf8'));
  fs.writeFileSync(path.join(root, 'lib', 'index.js'), lazyIndex(new Map(files.map(file => [file, exportedNames(file)]))));
}

if (require.main === module) main();
