/** A file in an archive. */
export interface ArchivedFile {
  /** Its path in the archive, of up to 100 bytes. */
  readonly name: string;
  readonly content: Buffer;
}

const BLOCK = 512;

/**
 * An archive in the format ustar (POSIX.1-1988): files of root that everybody may read, without a date, not compressed.
 *
 * So the same files are the same bytes on any machine and with any version of Node.js: what an instance starts with changes only
 * when its files do.
 */
export function tarOf(files: readonly ArchivedFile[]): Buffer {
  return Buffer.concat([...files.flatMap(({ name, content }) => [headerOf(name, content.length), padded(content)]), Buffer.alloc(2 * BLOCK)]);
}

function headerOf(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100) { throw new Error(`the name of '${name}' is too long for the archive`); }
  const header = Buffer.alloc(BLOCK);
  const write = (offset: number, text: string) => header.write(text, offset, 'utf8');
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  write(0, name);
  write(100, octal(0o644, 7));
  write(108, octal(0, 7)); // owner
  write(116, octal(0, 7)); // group
  write(124, octal(size, 11));
  write(136, octal(0, 11)); // date
  write(148, ' '.repeat(8)); // the checksum counts itself as blanks
  write(156, '0'); // a file
  write(257, 'ustar\x0000');
  write(148, `${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `);
  return header;
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((BLOCK - content.length % BLOCK) % BLOCK)]);
}
