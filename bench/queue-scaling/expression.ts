/** One data point: a number, or none for that time. */
export type Point = number | undefined;

type Value = Point | readonly Value[];
type Figures = (name: string) => Point;
type Node = (figures: Figures) => Value;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|(<=|>=|==|!=|&&|\|\||[-+*/^<>(),[\]]))/y;

/** From the loosest to the tightest, as in CloudWatch's "Metric math syntax and functions". */
const LEVELS: readonly Readonly<Record<string, (a: number, b: number) => number>>[] = [
  { 'OR': (a, b) => Number(a !== 0 || b !== 0), '||': (a, b) => Number(a !== 0 || b !== 0) },
  { 'AND': (a, b) => Number(a !== 0 && b !== 0), '&&': (a, b) => Number(a !== 0 && b !== 0) },
  {
    '<': (a, b) => Number(a < b),
    '<=': (a, b) => Number(a <= b),
    '>': (a, b) => Number(a > b),
    '>=': (a, b) => Number(a >= b),
    '==': (a, b) => Number(a === b),
    '!=': (a, b) => Number(a !== b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => a / b },
];

const AGGREGATES: Readonly<Record<string, (points: number[]) => number>> = {
  SUM: points => points.reduce((sum, point) => sum + point, 0),
  MIN: points => Math.min(...points),
  MAX: points => Math.max(...points),
  AVG: points => points.reduce((sum, point) => sum + point, 0) / points.length,
};

const ROUNDINGS: Readonly<Record<string, (point: number) => number>> = { ABS: Math.abs, CEIL: Math.ceil, FLOOR: Math.floor };

/**
 * A metric math expression of CloudWatch, compiled: what it comes to at one time, of what the figures are at that time.
 *
 * Where a figure is missing there is no result, but for what `FILL` says; nor is there one of a division by nothing.
 */
export function compile(expression: string): (figures: Figures) => Point {
  const parser = new Parser(tokensOf(expression), expression);
  const node = parser.whole();
  return figures => pointOf(node(figures));
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    if (!match) { throw new Error(`what stands at ${at} of '${expression}' is not known`); }
    tokens.push(match[1] ?? match[2] ?? match[3]);
  }
  return tokens;
}

function pointOf(value: Value): Point {
  if (typeof value === 'number' && !Number.isFinite(value)) { return undefined; }
  if (value === undefined || typeof value === 'number') { return value; }
  throw new Error('several series where one is asked for');
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly string[], private readonly expression: string) {
  }

  public whole(): Node {
    const node = this.binary(0);
    if (this.at < this.tokens.length) { throw this.unexpected(); }
    return node;
  }

  private binary(level: number): Node {
    if (level === LEVELS.length) { return this.power(); }
    let left = this.binary(level + 1);
    for (let operate = this.operator(level); operate; operate = this.operator(level)) {
      left = pairwise(left, this.binary(level + 1), operate);
    }
    return left;
  }

  private operator(level: number) {
    const token = this.tokens[this.at];
    const found = token !== undefined && Object.hasOwn(LEVELS[level], token) ? LEVELS[level][token] : undefined;
    if (found) { this.at++; }
    return found;
  }

  private power(): Node {
    const base = this.unary();
    return this.accept('^') ? pairwise(base, this.power(), Math.pow) : base;
  }

  private unary(): Node {
    if (this.accept('-')) { return pairwise(() => 0, this.unary(), (zero, point) => zero - point); }
    if (this.accept('(')) {
      const inner = this.binary(0);
      this.expect(')');
      return inner;
    }
    if (this.accept('[')) {
      const items = this.list(']');
      return figures => items.map(item => item(figures));
    }
    const token = this.tokens[this.at++] ?? '';
    if (/^\d/.test(token)) { return () => Number(token); }
    if (!/^[A-Za-z_]/.test(token)) {
      this.at--;
      throw this.unexpected();
    }
    return this.accept('(') ? this.call(token.toUpperCase(), this.list(')')) : figures => figures(token);
  }

  private call(name: string, args: readonly Node[]): Node {
    if (name === 'IF') { return choice(args); }
    if (name === 'FILL') { return figures => pointOf(args[0](figures)) ?? args[1](figures); }
    if (Object.hasOwn(AGGREGATES, name)) {
      return figures => {
        const points = args.flatMap(arg => arg(figures)).map(pointOf).filter(point => point !== undefined);
        return points.length > 0 ? AGGREGATES[name](points) : undefined;
      };
    }
    if (Object.hasOwn(ROUNDINGS, name)) {
      return figures => {
        const point = pointOf(args[0](figures));
        return point === undefined ? undefined : ROUNDINGS[name](point);
      };
    }
    throw new Error(`the function ${name} of '${this.expression}' is not known`);
  }

  private list(end: string): Node[] {
    const items = [this.binary(0)];
    while (this.accept(',')) { items.push(this.binary(0)); }
    this.expect(end);
    return items;
  }

  private accept(token: string): boolean {
    if (this.tokens[this.at] !== token) { return false; }
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) { throw this.unexpected(); }
  }

  private unexpected(): Error {
    return new Error(`'${this.tokens[this.at] ?? 'the end'}' is not expected in '${this.expression}'`);
  }
}

function choice([condition, then, otherwise]: readonly Node[]): Node {
  return figures => {
    const point = pointOf(condition(figures));
    if (point === undefined) { return undefined; }
    return point !== 0 ? then(figures) : otherwise?.(figures);
  };
}

function pairwise(left: Node, right: Node, operate: (a: number, b: number) => number): Node {
  return figures => {
    const [a, b] = [pointOf(left(figures)), pointOf(right(figures))];
    return a === undefined || b === undefined ? undefined : pointOf(operate(a, b));
  };
}
