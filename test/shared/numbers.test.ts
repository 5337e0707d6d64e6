import { CfnParameter, Duration, Lazy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkDuration, checkWholeNumber } from '../../src/shared/numbers';
import { shopStack } from '../helpers/network';

const scope = new Construct(shopStack(), 'Web');

describe('checkWholeNumber', () => {
  test.each([1, 5, 10])('lets %d pass between 1 and 10', value => {
    expect(() => checkWholeNumber(scope, 'size', value, { from: 1, to: 10 })).not.toThrow();
  });

  test('refuses a text, as the context of an app has it, and says so', () => {
    expect(() => checkWholeNumber(scope, 'neededCapacity', '4' as never, { from: 1 }))
      .toThrow("'neededCapacity' is the text '4'; give a whole number of 1 or more, for example by Number(…)");
  });

  test.each([0, 11, 2.5, NaN, Infinity])('refuses %d between 1 and 10', value => {
    expect(() => checkWholeNumber(scope, 'size', value, { from: 1, to: 10 }))
      .toThrow(`'size' is ${value}; give a whole number from 1 to 10 [Construct at 'Shop/Web']`);
  });

  test('names only the lower end where there is no upper one', () => {
    expect(() => checkWholeNumber(scope, 'size', 0, { from: 1 })).toThrow('give a whole number of 1 or more');
  });

  test('lets a number pass that is known at deployment only', () => {
    const size = new CfnParameter(scope, 'Size', { type: 'Number' }).valueAsNumber;
    expect(() => checkWholeNumber(scope, 'size', size, { from: 1, to: 10 })).not.toThrow();
  });
});

describe('checkDuration', () => {
  test('counts in seconds', () => {
    expect(() => checkDuration(scope, 'wait', Duration.minutes(1), { from: 5, to: 60 })).not.toThrow();
    expect(() => checkDuration(scope, 'wait', Duration.minutes(2), { from: 5, to: 60 }))
      .toThrow("'wait' is 120 seconds; give whole seconds from 5 to 60 [Construct at 'Shop/Web']");
  });

  test('refuses parts of a second', () => {
    expect(() => checkDuration(scope, 'wait', Duration.millis(5500), { from: 5, to: 60 })).toThrow("'wait' is 5.5 seconds");
  });

  test('lets a duration pass that is known at deployment only', () => {
    expect(() => checkDuration(scope, 'wait', Duration.seconds(Lazy.number({ produce: () => 1 })), { from: 5, to: 60 })).not.toThrow();
  });
});
