import * as fs from 'fs';
import * as path from 'path';
import { Tool } from './layer';

/** A program that must be on the PATH. */
export function program(name: string): Tool {
  return {
    name,
    isThere: () => (process.env.PATH ?? '').split(path.delimiter).some(folder => fs.existsSync(path.join(folder, name))),
  };
}
