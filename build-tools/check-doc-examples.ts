/**
 * Compiles the TypeScript blocks of docs/, with the same fixtures as jsii-rosetta, which sees only the README and the API.
 *
 * As there, a block stands in rosetta/default.ts-fixture unless it begins with "```ts fixture=<name>" or "```ts nofixture".
 */
import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

const root = path.resolve(__dirname, '..');
// inside the project, so that 'cdk-fault-tolerance' and its peers resolve as for a user
const scratch = path.join(root, 'test-reports', 'doc-examples');

export interface Example {
  readonly page: string;
  /** The line of the page that the code begins on. */
  readonly line: number;
  /** What follows `ts` on the line of the fence. */
  readonly parameters: string;
  readonly code: string;
}

export interface Compilable {
  readonly source: string;
  /** The line of the page that a line of the source comes from; both count from 1. */
  pageLine(sourceLine: number): number;
}

export function examplesIn(page: string, markdown: string): Example[] {
  const fence = /^```(?:ts|typescript)\b(.*)\n([^]*?)^```$/gm;
  return [...markdown.matchAll(fence)].map(match => ({
    page,
    line: markdown.slice(0, match.index).split('\n').length + 1,
    parameters: match[1].trim(),
    code: match[2],
  }));
}

export function withFixture(example: Example, readFixture: (name: string) => string): Compilable {
  if (example.parameters === 'nofixture') {
    return { source: example.code, pageLine: line => example.line + line - 1 };
  }
  const fixture = readFixture(/^fixture=([\w-]+)$/.exec(example.parameters)?.[1] ?? 'default');
  const hoisted = [...example.code.matchAll(/^(?:import|declare const) [^]*?;$/gm)].map(([statement]) => statement);
  // imports and declarations go to the top, the only place for them; the lines they leave behind stay, and so the others keep their numbers
  const statements = hoisted.reduce((code, statement) => code.replace(statement, '\n'.repeat(statement.split('\n').length - 1)), example.code);
  const head = [...hoisted.map(statement => statement.replace(/\n/g, ' ')), ''].join('\n');
  const [before, after] = fixture.split(/^.*\/\/\/ here *$/m);
  const start = `${head}${before}`.split('\n').length;
  return {
    source: `${head}${before}${statements}${after}`,
    pageLine: line => example.line + Math.max(0, line - start),
  };
}

function pages(): string[] {
  const docs = path.join(root, 'docs');
  if (!fs.existsSync(docs)) return [];
  return fs.readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.md')).map(file => path.join('docs', file));
}

function main() {
  fs.rmSync(scratch, { recursive: true, force: true });
  fs.mkdirSync(scratch, { recursive: true });
  const readFixture = (name: string) => fs.readFileSync(path.join(root, 'rosetta', `${name}.ts-fixture`), 'utf8');
  const examples = pages().flatMap(page => examplesIn(page, fs.readFileSync(path.join(root, page), 'utf8')));
  const files = new Map(examples.map(example => {
    const compilable = withFixture(example, readFixture);
    const file = path.join(scratch, `${example.page.replace(/\W/g, '-')}-${example.line}.ts`);
    fs.writeFileSync(file, compilable.source);
    return [file, { example, compilable }];
  }));

  const program = ts.createProgram([...files.keys()], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
  });
  const complaints = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, '\n');
    const known = file && files.get(path.normalize(file.fileName));
    if (!known) return message;
    const line = known.compilable.pageLine(file.getLineAndCharacterOfPosition(start ?? 0).line + 1);
    return `${known.example.page}:${line}: ${message}`;
  });
  complaints.forEach(complaint => console.error(complaint));
  console.log(`${examples.length} examples in docs/, ${complaints.length} errors`);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}

if (require.main === module) main();
