import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { run } from '../../src/command/main';
import { Positions } from '../../src/command/positions';
import { nameOf, readStack } from '../../src/fault-simulation/template/read';
import { World } from '../../src/fault-simulation/template/world';

/** A folder with inputs of the command, and what it says of them. */
export class CommandFolder {
  public readonly path = fs.mkdtempSync(path.join(os.tmpdir(), 'command-'));

  public file(name: string, content: string | object): string {
    const full = path.join(this.path, name);
    fs.writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
    return full;
  }

  public command(...args: string[]) {
    const [out, err]: [string[], string[]] = [[], []];
    const code = run(args, { out: text => out.push(text), err: text => err.push(text), isTerminal: false });
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  public positionsIn(file: string): Positions {
    return new Positions(new World([readStack(file, nameOf(file))]));
  }

  public remove(): void {
    fs.rmSync(this.path, { recursive: true });
  }
}
