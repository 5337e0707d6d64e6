import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';
import { Range } from './numbers';

/** What is in a list for the second time; undefined where all differ. */
export function firstRepeated<T>(values: readonly T[]): T | undefined {
  return values.find((value, index) => values.indexOf(value) < index);
}

/** Refuses a list of which not even the length is known before deployment. */
export function checkListIsKnown(scope: IConstruct, prop: string, values: readonly unknown[], why = ''): void {
  if (!Token.isUnresolved(values)) { return; }
  throw new ConfigurationError(scope, `'${prop}' is a list that is known at deployment only${why}`, 'write a list of Fn.select(index, …)');
}

/** Refuses a list of too few or too many, and one with a text in it that is not of the form of `example`; what is not given passes, and tokens do. */
export function checkEach(
  scope: IConstruct, prop: string, values: readonly unknown[] | undefined, { from, to = Infinity }: Range, form?: RegExp, example?: string,
): void {
  if (values === undefined || Token.isUnresolved(values)) { return; }
  if (values.length < from || values.length > to) {
    throw new ConfigurationError(scope, `'${prop}' has ${values.length} entries`, to === Infinity ? `give ${from} or more` : `give ${from} to ${to}`);
  }
  const strange = form ? values.findIndex(value => !Token.isUnresolved(value) && !form.test(String(value))) : -1;
  if (strange >= 0) { throw new ConfigurationError(scope, `'${prop}' has '${String(values[strange])}'`, `write it as '${example}'`); }
}
