import { broken, COMPLIANT, Judgement, undecided } from './rule';
import { asBoolean, asNumber, at, Unknown, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';

/** The value at a path of names, or what is not known on the way to it; undefined where there is none. */
export function valueAt(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((inner, name) => inner instanceof Unknown ? inner : at(inner, name), value) ?? undefined;
}

/** The values that one may have; none if they are not known. */
export function possible(value: Value | undefined): readonly (Value | undefined)[] {
  return value instanceof Unknown ? value.traits.among ?? [] : [value ?? undefined];
}

type IsFine = (value: Value | undefined) => boolean | undefined;

/**
 * What is to be said of a setting.
 *
 * @param isFine of a value, and of undefined if nobody sets it; undefined if that cannot be told
 * @param what what is so if it is not fine
 */
export function judgeSetting(value: Value | undefined, property: string, isFine: IsFine, what: string): Judgement {
  const fine = possible(value).map(isFine);
  if (fine.length > 0 && fine.every(one => one === true)) { return COMPLIANT; }
  // whichever of them it has
  if (fine.length > 0 && fine.every(one => one === false)) { return broken(what, property); }
  return undecided(value instanceof Unknown ? value.reason : `${property} cannot be read`, property);
}

/** What is to be said of a switch that has to be on, and is off if nobody sets it. */
export function judgeSwitch(value: Value | undefined, property: string, what: string): Judgement {
  return judgeSetting(value, property, one => one === undefined ? false : asBoolean(one), what);
}

/** What is to be said of a count that has to be so much, if nobody sets it this one. */
export function judgeLeast(value: Value | undefined, least: number, byDefault: number, property: string, what: (count: number) => string): Judgement {
  const countOf = (one: Value | undefined) => one === undefined ? byDefault : asNumber(one);
  const most = Math.max(...possible(value).map(one => countOf(one) ?? 0));
  return judgeSetting(value, property, one => {
    const count = countOf(one);
    return count === undefined ? undefined : count >= least;
  }, what(most));
}

/** What is against the backups of a database, which RDS, DocumentDB and Neptune keep for a day if nobody says so. */
export function judgeBackups({ properties: { BackupRetentionPeriod: days } }: Resource): Judgement {
  return judgeLeast(days, 7, 1, 'BackupRetentionPeriod', count => count === 0 ? 'it has no backups'
    : `it can be brought back to the state of ${count} ${count === 1 ? 'day' : 'days'} ago at most`);
}

/** Of things of which one is enough. */
export function bestOf(judgements: readonly [Judgement, ...Judgement[]]): Judgement {
  return judgements.find(({ compliance }) => compliance === 'compliant') ?? judgements.find(({ compliance }) => compliance === 'unknown') ?? judgements[0];
}
