import { Construct } from 'constructs';
import { ConfigurationError } from '../../src/shared/configuration-error';
import { shopStack } from '../helpers/network';

describe('ConfigurationError', () => {
  test('says what is wrong, the way out, and where', () => {
    const error = new ConfigurationError(new Construct(shopStack(), 'Web'), "'size' is 0", 'give 1 or more');
    expect(error.message).toBe("'size' is 0; give 1 or more [Construct at 'Shop/Web']");
    expect(error.name).toBe('ConfigurationError');
  });
});
