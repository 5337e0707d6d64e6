import { Duration, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';

/** What a service accepts, both ends included. */
export interface Range {
  readonly from: number;
  readonly to?: number;
}

/** Refuses a number that is not whole or not in `range`; a token passes. */
export function checkWholeNumber(scope: IConstruct, prop: string, value: number, range: Range, unit?: string): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && isWithin(value, range))) { return; }
  if (typeof value === 'string') { // from JavaScript, or out of the context of the app, which has texts
    throw new ConfigurationError(scope, `'${prop}' is the text '${String(value)}'`, `give a whole number ${inWords(range)}, for example by Number(…)`);
  }
  throw new ConfigurationError(scope, `'${prop}' is ${value}${unit ? ` ${unit}` : ''}`, `give a whole number ${inWords(range)}`);
}

/** Refuses a number like `checkWholeNumber`, and one that is not known at synth: CDK computes with it, or makes a text of it. */
export function checkFixedNumber(scope: IConstruct, prop: string, value: number, range: Range): void {
  if (Token.isUnresolved(value)) { throw new ConfigurationError(scope, `'${prop}' is not known at synth`, 'give a number'); }
  checkWholeNumber(scope, prop, value, range);
}

/** Refuses a duration that is not of whole seconds or not in `range` (in seconds); a token passes. */
export function checkDuration(scope: IConstruct, prop: string, value: Duration, range: Range): void {
  if (value.isUnresolved()) { return; }
  const seconds = value.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && isWithin(seconds, range)) { return; }
  throw new ConfigurationError(scope, `'${prop}' is ${seconds} seconds`, `give whole seconds ${inWords(range)}`);
}

/** Refuses a duration like `checkDuration`, and one that is not known at synth: it is computed with, or goes into a text, as attributes of ELB are. */
export function checkFixedDuration(scope: IConstruct, prop: string, value: Duration, range: Range): void {
  if (value.isUnresolved()) { throw new ConfigurationError(scope, `'${prop}' is not known at synth`, 'give a duration in seconds or minutes'); }
  checkDuration(scope, prop, value, range);
}

/** Refuses an age that is not of whole days from 1 day to 100 years; it has to be known, as it is given to AWS in days. */
export function checkAge(scope: IConstruct, prop: string, age: Duration): void {
  if (age.isUnresolved()) {
    throw new ConfigurationError(scope, `'${prop}' is not known at synth`, 'give a duration of whole days');
  }
  checkWholeNumber(scope, `${prop} (days)`, age.toDays({ integral: false }), { from: 1, to: 36500 });
}

function isWithin(value: number, { from, to = Infinity }: Range): boolean {
  return value >= from && value <= to;
}

function inWords({ from, to }: Range): string {
  return to === undefined ? `of ${from} or more` : `from ${from} to ${to}`;
}

/** As CloudWatch takes it in expressions. */
export function inSeconds(duration: Duration): number {
  return duration.toMilliseconds() / 1000;
}
