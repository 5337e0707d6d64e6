import { compile, Point } from './expression';

export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'Sum';

/** What is asked of CloudWatch at one time. */
export interface Query {
  readonly id: string;
  readonly expression?: string;
  readonly metricName?: string;
  readonly statistic?: Statistic;
}

/** The figures of each minute, by the names of their metrics. */
export class Figures {
  private readonly minutes = new Map<string, Point[]>();

  public record(minute: number, figures: Readonly<Record<string, Point>>): void {
    for (const [name, point] of Object.entries(figures)) {
      const points = this.minutes.get(name) ?? [];
      points[minute] = point;
      this.minutes.set(name, points);
    }
  }

  /** A statistic over the `length` minutes that end with `minute`; none if none of them has a figure. */
  public over(name: string, minute: number, length: number, statistic: Statistic): Point {
    const recorded = this.minutes.get(name) ?? [];
    const points = recorded.slice(Math.max(0, minute - length + 1), Math.max(0, minute + 1)).filter(point => point !== undefined);
    if (points.length === 0) { return undefined; }
    const sum = points.reduce((total, point) => total + point, 0);
    switch (statistic) {
      case 'Average': return sum / points.length;
      case 'Maximum': return Math.max(...points);
      case 'Minimum': return Math.min(...points);
      case 'Sum': return sum;
    }
  }
}

/** A metric or what an expression makes of several, to be asked at any minute. */
export class Series {
  private readonly compiled: ReadonlyMap<string, ReturnType<typeof compile>>;
  private readonly byId: ReadonlyMap<string, Query>;

  constructor(queries: readonly Query[], private readonly result: string, private readonly periodMinutes: number) {
    this.byId = new Map(queries.map(query => [query.id, query]));
    this.compiled = new Map(queries.flatMap(({ id, expression }) => expression === undefined ? [] : [[id, compile(expression)] as const]));
  }

  public at(figures: Figures, minute: number): Point {
    return this.valueOf(this.result, figures, minute);
  }

  /** Of the newest period and those before it, the newest last. */
  public last(count: number, figures: Figures, minute: number): Point[] {
    return Array.from({ length: count }, (_, index) => this.at(figures, minute - (count - 1 - index) * this.periodMinutes));
  }

  private valueOf(id: string, figures: Figures, minute: number): Point {
    const compiled = this.compiled.get(id);
    if (compiled) { return compiled(name => this.valueOf(name, figures, minute)); }
    const query = this.byId.get(id);
    if (query?.metricName === undefined) { throw new Error(`nothing is called '${id}'`); }
    return minute < 0 ? undefined : figures.over(query.metricName, minute, this.periodMinutes, query.statistic ?? 'Average');
  }
}
