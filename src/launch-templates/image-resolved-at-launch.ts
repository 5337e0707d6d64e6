import { Annotations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';

/** Says what comes of an image that no version of the launch template names. */
export function warnOfImageResolvedAtLaunch(scope: IConstruct, template: ec2.LaunchTemplate): void {
  if (!template.imageId?.startsWith('resolve:ssm:')) { return; }
  Annotations.of(scope).addWarningV2('cdk-fault-tolerance:imageResolvedAtLaunch',
    `'machineImage' is ${template.imageId}, which is resolved when an instance is launched: an instance refresh cannot roll back, and a bad `
    + 'image comes in with any launch; resolve it at deployment with ec2.MachineImage.fromSsmParameter');
}
