import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';

/** Refuses what DynamoDB does not take as the name of a key or of the time to live: 1 to 255 bytes; a token passes. */
export function checkAttributeName(scope: IConstruct, prop: string, name: string): void {
  const bytes = Buffer.byteLength(name);
  if (Token.isUnresolved(name) || (bytes >= 1 && bytes <= 255)) { return; }
  throw new ConfigurationError(scope, `'${prop}' is of ${bytes} bytes`, 'give a name of 1 to 255 bytes');
}
