/** An arrow from what needs something to that. */
export interface Arrow {
  readonly from: HTMLElement;
  readonly to: HTMLElement;
  /** Whether a fault comes along it. */
  readonly hit: boolean;
  /** Whether somebody looks at one of its ends. */
  readonly looked: boolean;
}

export interface Arrows {
  readonly drawing: SVGSVGElement;
  show(arrows: readonly Arrow[]): void;
}

/** A drawing over a place, in which arrows join elements of it. */
export function arrowsBetween(place: HTMLElement): Arrows {
  const drawing = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  drawing.setAttribute('class', 'arrows');
  drawing.setAttribute('aria-hidden', 'true');
  let next = 0;
  return {
    drawing,
    show: arrows => {
      // once for all that changes before the next picture
      cancelAnimationFrame(next);
      next = requestAnimationFrame(() => draw(drawing, place, arrows));
    },
  };
}

function draw(drawing: SVGSVGElement, place: HTMLElement, arrows: readonly Arrow[]): void {
  const origin = place.getBoundingClientRect();
  const seen = arrows.filter(({ from, to }) => from.checkVisibility() && to.checkVisibility());
  // all is measured before anything is drawn, so that the browser lays the page out once
  const paths = seen.map(({ from, to, hit, looked }) => {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', wayBetween(from.getBoundingClientRect(), to.getBoundingClientRect(), origin));
    path.setAttribute('class', `${hit ? 'hit ' : ''}${looked ? 'looked' : ''}`);
    return path;
  });
  drawing.setAttribute('width', String(origin.width));
  drawing.setAttribute('height', String(origin.height));
  drawing.replaceChildren(...paths);
}

/** From an edge of one to the facing edge of the other: straight where they stand above each other, else in a curve. */
function wayBetween(start: DOMRect, end: DOMRect, origin: DOMRect): string {
  const below = end.top >= start.bottom;
  if (!below && end.bottom > start.top) {
    const right = end.left >= start.right;
    const [x1, x2] = (right ? [start.right, end.left] : [start.left, end.right]).map(x => x - origin.left);
    const [y1, y2] = [middle(start.top, start.bottom) - origin.top, middle(end.top, end.bottom) - origin.top];
    return `M ${x1} ${y1} L ${x2} ${y2} ${head(x2, y2, right ? 1 : -1, 0)}`;
  }
  const [left, right] = [Math.max(start.left, end.left), Math.min(start.right, end.right)];
  const [x1, x2] = (left < right ? [middle(left, right), middle(left, right)] : [middle(start.left, start.right), middle(end.left, end.right)])
    .map(x => x - origin.left);
  const [y1, y2] = (below ? [start.bottom, end.top] : [start.top, end.bottom]).map(y => y - origin.top);
  return `M ${x1} ${y1} C ${x1} ${middle(y1, y2)}, ${x2} ${middle(y1, y2)}, ${x2} ${y2} ${head(x2, y2, 0, below ? 1 : -1)}`;
}

function middle(one: number, other: number): number {
  return (one + other) / 2;
}

/** The two strokes at the end of an arrow that comes from this direction. */
function head(x: number, y: number, dirX: number, dirY: number): string {
  const size = 5;
  const [ax, ay] = [x - size * (dirX + dirY), y - size * (dirY + dirX)];
  const [bx, by] = [x - size * (dirX - dirY), y - size * (dirY - dirX)];
  return `M ${ax} ${ay} L ${x} ${y} L ${bx} ${by}`;
}
