import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { programArchive } from '../../src/launch-templates/instance-programs';
import { tarOf } from '../../src/launch-templates/tar';

const PROGRAMS = path.join(__dirname, '..', '..', 'instance-programs');

/** What Python, which unpacks the archive on an instance, finds in it. */
function unpacked(archive: Buffer): Record<string, string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'programs-'));
  try {
    fs.writeFileSync(path.join(folder, 'archive'), archive);
    execFileSync('python3', ['-m', 'tarfile', '-e', 'archive', 'out'], { cwd: folder });
    const files = fs.readdirSync(path.join(folder, 'out'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
    return Object.fromEntries(files.map(({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [path.relative(path.join(folder, 'out'), file), fs.readFileSync(file, 'utf8')];
    }));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

describe('the archive of a program', () => {
  test('holds the program and what programs share, and nothing that running them has left', () => {
    const files = unpacked(programArchive('failover-agent'));
    expect(Object.keys(files)).toContain('failover-agent/failover_agent/__main__.py');
    expect(Object.keys(files).map(name => name.split('/')[0])).toEqual(expect.arrayContaining(['common']));
    expect(Object.keys(files).filter(name => /__pycache__|\.pyc$|(^|\/)(test_|conftest)/.test(name))).toEqual([]);
    for (const [name, content] of Object.entries(files)) { expect(content).toBe(fs.readFileSync(path.join(PROGRAMS, name), 'utf8')); }
  });

  test('is the same bytes each time', () => {
    expect(programArchive('failover-agent').equals(programArchive('failover-agent'))).toBe(true);
  });
});

describe('tar', () => {
  test('keeps files of any length and content', () => {
    const files = { 'empty': '', 'a/block': 'x'.repeat(512), 'a/more': 'ä'.repeat(700) };
    expect(unpacked(tarOf(Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text) }))))).toEqual(files);
  });

  test('refuses a name that it has no room for', () => {
    expect(() => tarOf([{ name: 'a'.repeat(101), content: Buffer.alloc(0) }])).toThrow(/is too long for the archive/);
  });
});
