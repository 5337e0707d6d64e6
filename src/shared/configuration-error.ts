import { IConstruct } from 'constructs';

/**
 * Thrown when the given props cannot keep the promise of a construct.
 *
 * The message says what is wrong (the prop and its value), how to put it right, and where in the construct tree it
 * happened. Not exported: jsii has no classes that extend Error, so the messages are the contract.
 */
export class ConfigurationError extends Error {
  constructor(scope: IConstruct, problem: string, remedy: string) {
    super(`${problem}; ${remedy} [${scope.constructor.name} at '${scope.node.path}']`);
    this.name = 'ConfigurationError';
  }
}
