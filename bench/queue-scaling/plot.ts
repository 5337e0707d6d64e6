/** One curve of a plot: a value for each minute. */
export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
}

/** One of the fields of a plot, which stand below each other over the same time. */
export interface Field {
  readonly title: string;
  readonly curves: readonly Curve[];
}

/** To be told apart by those who see colours otherwise, and on white as on black (Okabe and Ito, without the lightest). */
const COLOURS = ['#0072b2', '#009e73', '#999999', '#d55e00', '#e69f00', '#cc79a7'];
const [WIDTH, HEIGHT, LEFT, GAP, LEGEND] = [640, 120, 48, 34, 18];

/** A plain SVG of some curves over the hours; it draws no ground, and its grey is read on a light and on a dark one. */
export function svgOf(title: string, fields: readonly Field[], hours: number): string {
  const names = fields[0].curves.map(({ name }) => name);
  const legendRows = Math.ceil(names.length / 3);
  const top = 26 + legendRows * LEGEND;
  const height = top + fields.length * (HEIGHT + GAP) + 6;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11" fill="#808080" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<text x="${LEFT}" y="14" font-size="13">${escaped(title)}</text>`,
    ...names.map((name, index) => {
      const [x, y] = [LEFT + (index % 3) * 196, 32 + Math.floor(index / 3) * LEGEND];
      return `<path d="M${x} ${y - 4}h16" stroke="${COLOURS[index]}" stroke-width="3"/><text x="${x + 21}" y="${y}">${escaped(name)}</text>`;
    }),
    ...fields.flatMap((field, index) => fieldOf(field, hours, top + index * (HEIGHT + GAP))),
    '</svg>',
    '',
  ].join('\n');
}

function fieldOf({ title, curves }: Field, hours: number, top: number): string[] {
  const most = roundUp(Math.max(1, ...curves.flatMap(({ values }) => values)));
  const bottom = top + 14 + HEIGHT;
  const x = (minute: number) => LEFT + (WIDTH - LEFT - 8) * minute / (hours * 60);
  const y = (value: number) => bottom - HEIGHT * value / most;
  const ticks = Array.from({ length: hours + 1 }, (_, hour) => hour).filter(hour => hour % Math.ceil(hours / 12) === 0);
  return [
    `<text x="${LEFT}" y="${top + 9}">${escaped(title)}</text>`,
    ...[0, most / 2, most].map(value =>
      `<path d="M${LEFT} ${y(value)}H${WIDTH - 8}" stroke="#808080" stroke-opacity=".35"/><text x="${LEFT - 5}" y="${y(value) + 4}" text-anchor="end">${value}</text>`),
    ...ticks.map(hour => `<text x="${x(hour * 60).toFixed(1)}" y="${bottom + 13}" text-anchor="middle">${hour} h</text>`),
    ...curves.map(({ values }, index) =>
      `<path d="${stepsOf(values, x, y)}" fill="none" stroke="${COLOURS[index]}" stroke-width="1.5" stroke-linejoin="round"/>`),
  ];
}

/** The most of every few minutes, and only where that changes by what can be seen: a day has 1440 minutes. */
function stepsOf(values: readonly number[], x: (minute: number) => number, y: (value: number) => number): string {
  const every = Math.ceil(values.length / 360);
  let last = '';
  const points = values.flatMap((_, minute) => {
    if (minute % every > 0 && minute < values.length - 1) { return []; }
    const at = y(Math.max(...values.slice(minute, minute + every))).toFixed(0);
    if (at === last && minute < values.length - 1) { return []; }
    const to = last === '' ? `M${x(minute).toFixed(0)} ${at}` : `H${x(minute).toFixed(0)}V${at}`;
    last = at;
    return [to];
  });
  return points.join('');
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 10].map(step => step * power).find(step => step >= value) ?? value;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
