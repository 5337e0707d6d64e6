import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';
import { firstRepeated } from '../shared/lists';

/** The processor architecture; undefined where the name of the type does not tell it to CDK. */
export function architectureOf(instanceType: ec2.InstanceType): ec2.InstanceArchitecture | undefined {
  try {
    return instanceType.architecture;
  } catch {
    return undefined;
  }
}

/** Refuses a type that is given twice, and types of which some cannot run the image. */
export function checkInstanceTypes(scope: IConstruct, types: ec2.InstanceType[]): void {
  const twice = firstRepeated(types.map(String).filter(name => !Token.isUnresolved(name)));
  if (twice !== undefined) {
    throw new ConfigurationError(scope, `'instanceTemplate.furtherInstanceTypes' names ${twice}, which is among the types already`,
      'give types that differ from each other and from the first');
  }
  const [first, ...others] = types.map(type => ({ name: type.toString(), architecture: architectureOf(type) }));
  const other = others.find(({ architecture }) => first.architecture && architecture && architecture !== first.architecture);
  if (other) {
    throw new ConfigurationError(scope,
      `'instanceTemplate.furtherInstanceTypes' names ${other.name} (${other.architecture}), but 'instanceType' is ${first.name} (${first.architecture}), `
      + 'and an image runs on one of them only', 'give types of one processor architecture');
  }
}
