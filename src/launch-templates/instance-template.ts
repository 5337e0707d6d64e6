import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';

/**
 * An image, and what it takes to start it.
 */
export interface MachineImageTemplateProps {
  /**
   * The image that every instance starts from.
   *
   * An image of your own that has all it needs on board is up soonest, and needs nothing from the network to start.
   */
  readonly machineImage: ec2.IMachineImage;

  /**
   * The size of the instances; of the processor architecture of the image.
   */
  readonly instanceType: ec2.InstanceType;

  /**
   * What an instance runs when it starts. Whoever may describe the instance can read it: no secrets.
   *
   * @default - nothing
   */
  readonly userData?: ec2.UserData;

  /**
   * The name of the root device in the image, so that its volume is encrypted.
   *
   * With a wrong name the instance gets one more, empty volume, and its root volume stays as image and account have it.
   * Ubuntu, RHEL and SUSE call it `/dev/sda1`.
   *
   * @default - /dev/xvda, as in Amazon Linux; /dev/sda1 for Windows
   */
  readonly rootDeviceName?: string;
}

/**
 * How the instances of a fleet are made.
 *
 * Every launch template requires IMDSv2 within one hop, encrypts the root volume (gp3, of the image's own size) and
 * measures every minute. Its role lets Systems Manager in, so that no port is open and no key is needed.
 */
export abstract class InstanceTemplate {
  /**
   * Instances that start from an image.
   */
  public static fromMachineImage(props: MachineImageTemplateProps): InstanceTemplate {
    return new MachineImageTemplate(props);
  }

  /** @internal */
  public abstract _check(scope: IConstruct): void;

  /** @internal */
  public abstract _createLaunchTemplate(scope: Construct, vpc: ec2.IVpc): ec2.LaunchTemplate;

  /** @internal */
  public _instanceTypes(): ec2.InstanceType[] { return [(this as any).props.instanceType]; }

  /** @internal */
  public _spotPercentAboveMinimum(): number { return 0; }
}

class MachineImageTemplate extends InstanceTemplate {
  constructor(private readonly props: MachineImageTemplateProps) {
    super();
  }

  public _check(scope: IConstruct): void {
    const { rootDeviceName: name } = this.props;
    if (name === undefined || Token.isUnresolved(name) || name.startsWith('/dev/')) { return; }
    throw new ConfigurationError(scope, `'instanceTemplate.rootDeviceName' is '${name}'`, `give the whole name, such as /dev/${name}`);
  }

  public _createLaunchTemplate(scope: Construct, vpc: ec2.IVpc): ec2.LaunchTemplate {
    const template = new ec2.LaunchTemplate(scope, 'LaunchTemplate', {
      machineImage: this.props.machineImage,
      instanceType: this.props.instanceType,
      userData: this.props.userData,
      role: createInstanceRole(scope),
      securityGroup: new ec2.SecurityGroup(scope, 'InstanceSecurityGroup', { vpc }),
      requireImdsv2: true,
      httpPutResponseHopLimit: 1,
      detailedMonitoring: true,
    });
    this.encryptRootVolume(template);
    return template;
  }

  private encryptRootVolume(template: ec2.LaunchTemplate): void {
    const windows = template.osType === ec2.OperatingSystemType.WINDOWS;
    const deviceName = this.props.rootDeviceName ?? (windows ? '/dev/sda1' : '/dev/xvda');
    // In the L1, since the L2 demands a size, and one below that of the image's snapshot starts no instance.
    const resource = template.node.defaultChild as ec2.CfnLaunchTemplate;
    resource.launchTemplateData = {
      ...resource.launchTemplateData as ec2.CfnLaunchTemplate.LaunchTemplateDataProperty,
      blockDeviceMappings: [{ deviceName, ebs: { encrypted: true, volumeType: 'gp3', deleteOnTermination: true } }],
    };
  }
}

/** Systems Manager's own policy, kept up to date by AWS, is what its agent needs (cdk-nag's AwsSolutions-IAM4 asks why). */
function createInstanceRole(scope: Construct): iam.Role {
  return new iam.Role(scope, 'InstanceRole', {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
  });
}
