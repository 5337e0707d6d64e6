import * as fs from 'fs';
import { isMap, isScalar, LineCounter, Node, Pair, parseDocument } from 'yaml';
import { World } from '../fault-simulation/template/world';

/** Where something stands in a file; lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface Source {
  readonly root: Node | null;
  readonly lines: LineCounter;
}

/** Where resources and their properties stand in the templates that they were read from. */
export class Positions {
  private readonly sources = new Map<string, Source>();

  constructor(private readonly world: World) {
  }

  /**
   * Of a resource, or of one of its properties; where that is not written down, of what is around it.
   *
   * @param path `Stack/LogicalId` or `Stack/LogicalId.Property.Property`
   */
  public of(path: string): Position | undefined {
    const dot = path.indexOf('.', path.lastIndexOf('/'));
    const [key, properties] = dot < 0 ? [path, []] : [path.slice(0, dot), path.slice(dot + 1).split('.')];
    const resource = this.world.resource(key);
    const file = resource && this.world.stacks.get(resource.stack)?.file;
    if (!resource || file === undefined) { return undefined; }
    const { root, lines } = this.source(file);
    const inResource = ['Resources', resource.logicalId];
    // most are properties; a policy of deletion or update stands beside them
    const [inside, beside] = [['Properties', ...properties], properties].map(rest => deepest(root, [...inResource, ...rest]));
    const found = beside.depth > inResource.length && beside.depth >= inside.depth ? beside : properties.length === 0 ? beside : inside;
    const { line, col } = lines.linePos(found.offset);
    return { file, line, column: col };
  }

  private source(file: string): Source {
    const known = this.sources.get(file);
    if (known) { return known; }
    const lines = new LineCounter();
    const { contents: root } = parseDocument(fs.readFileSync(file, 'utf8'), { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
    const source = { root, lines };
    this.sources.set(file, source);
    return source;
  }
}

/** The name that stands deepest on the way that these names lead. */
function deepest(root: Node | null, names: readonly string[]): { readonly depth: number; readonly offset: number } {
  let [node, depth, offset]: [unknown, number, number] = [root, 0, 0];
  for (const name of names) {
    const pair: Pair | undefined = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === name) : undefined;
    if (!pair || !isScalar(pair.key)) { break; }
    offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
    depth++;
  }
  return { depth, offset };
}
