import { Duration, Token } from 'aws-cdk-lib';
import { CfnLifecyclePolicy } from 'aws-cdk-lib/aws-dlm';
import { IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';
import { checkAge, checkWholeNumber } from '../shared/numbers';

/**
 * How long snapshots are kept.
 */
export abstract class SnapshotRetention {
  /**
   * The newest so many of each volume, 1 to 1000. They stay as they are when the volume is gone.
   */
  public static count(snapshots: number): SnapshotRetention {
    return new CountRetention(snapshots);
  }

  /**
   * Each for so long: whole days, 1 day to 100 years. The last ones go as well when the volume has been gone for so long.
   */
  public static age(age: Duration): SnapshotRetention {
    return new AgeRetention(age);
  }

  /** @internal */
  public abstract _check(scope: IConstruct): void;

  /** @internal */
  public abstract _retainRule(): CfnLifecyclePolicy.RetainRuleProperty;
}

class CountRetention extends SnapshotRetention {
  constructor(private readonly snapshots: number) {
    super();
  }

  public _check(scope: IConstruct): void {
    if (this.snapshots === 0 && !Token.isUnresolved(this.snapshots)) {
      throw new ConfigurationError(scope, "'retention' is 0, so no snapshot would be kept", 'give a count of 1 or more');
    }
    checkWholeNumber(scope, 'retention', this.snapshots, { from: 1, to: 1000 });
  }

  public _retainRule(): CfnLifecyclePolicy.RetainRuleProperty {
    return { count: this.snapshots };
  }
}

class AgeRetention extends SnapshotRetention {
  constructor(private readonly age: Duration) {
    super();
  }

  public _check(scope: IConstruct): void {
    checkAge(scope, 'retention', this.age);
  }

  public _retainRule(): CfnLifecyclePolicy.RetainRuleProperty {
    return { interval: this.age.toDays(), intervalUnit: 'DAYS' };
  }
}
