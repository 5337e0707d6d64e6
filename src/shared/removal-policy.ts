import { RemovalPolicy } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';

/** Refuses SNAPSHOT where there is nothing that AWS takes a snapshot of. */
export function checkNotSnapshot(scope: IConstruct, removalPolicy: RemovalPolicy, what: string): void {
  if (removalPolicy === RemovalPolicy.SNAPSHOT) {
    throw new ConfigurationError(scope, `'removalPolicy' is SNAPSHOT, but there is nothing in ${what} of which to take one`,
      'give RETAIN or DESTROY');
  }
}

/** Whether what is kept when its construct is removed is also protected against deletion. */
export function isProtected(removalPolicy: RemovalPolicy): boolean {
  return removalPolicy !== RemovalPolicy.DESTROY;
}
