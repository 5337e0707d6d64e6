/** A year, leap years counted in. */
export const YEAR_SECONDS = 365.25 * 24 * 3600;

/** More nines than that would be said of nothing that anybody has measured. */
const MOST_NINES = 9;

/** 3 for 99.9 %, 3.3 for 99.95 %; rounded down, and at most 9. */
export function ninesOf(availability: number): number {
  const nines = availability >= 1 ? MOST_NINES : Math.min(MOST_NINES, -Math.log10(1 - availability));
  return Math.floor(nines * 10 + 1e-6) / 10;
}

/** In percent, with as many decimals as show two digits of what is missing, and never rounded up. */
export function inPercent(availability: number): string {
  const missing = 1 - availability;
  if (missing <= 0) { return '100 %'; }
  const decimals = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(missing * 100) + 1e-9)));
  const scale = 10 ** decimals;
  return `${Number((Math.floor(availability * 100 * scale + 1e-6) / scale).toFixed(decimals))} %`;
}

/** Three digits, in the largest unit of which there are two, or hours from one on: 43.8 h, 8.77 h, 52.6 min, 31.6 s. */
export function inWords(seconds: number): string {
  const digits = (value: number) => value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
  if (seconds >= 96 * 3600) { return `${digits(seconds / 86_400)} days`; }
  if (seconds >= 3600) { return `${digits(seconds / 3600)} h`; }
  return seconds >= 60 ? `${digits(seconds / 60)} min` : `${digits(seconds)} s`;
}

/** How long that is down in a year, in seconds. */
export function downtimeOf(availability: number): number {
  return (1 - availability) * YEAR_SECONDS;
}
