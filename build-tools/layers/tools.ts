import { spawnSync } from 'child_process';
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

/** The right to make network namespaces and to mount, which root has, but for most containers. */
export const namespaces: Tool = {
  name: 'network namespaces (root)',
  isThere: () => process.platform === 'linux' && spawnSync('unshare', ['--net', '--mount', 'ip', 'link', 'set', 'lo', 'up']).status === 0,
};
