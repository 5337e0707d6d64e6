/**
 * Makes lib/command/report-page.html, the page of `cdk-fault-tolerance --html` without its data, out of the files in report-page/.
 */
import * as fs from 'fs';
import * as path from 'path';
import { buildSync } from 'esbuild';

const root = path.join(__dirname, '..');

/** The page in one file: what is beside it stands in it. */
export function reportPage(): string {
  const folder = path.join(root, 'report-page');
  const { outputFiles: [script] } = buildSync({
    entryPoints: [path.join(folder, 'main.ts')], bundle: true, minify: true, write: false, format: 'iife', target: 'es2022', charset: 'ascii',
  });
  const style = fs.readFileSync(path.join(folder, 'page.css'), 'utf8');
  const parts: Readonly<Record<string, string>> = { style, script: script.text.replace(/<\/script/gi, '<\\/script') };
  return fs.readFileSync(path.join(folder, 'page.html'), 'utf8').replace(/\/\* put the (style|script) here \*\//g, (_, part: string) => parts[part]);
}

if (require.main === module) {
  const folder = path.join(root, 'lib', 'command');
  fs.mkdirSync(folder, { recursive: true }); // the demo runs in a clone where nothing is compiled
  fs.writeFileSync(path.join(folder, 'report-page.html'), reportPage());
}
