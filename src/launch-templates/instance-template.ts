import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { Bootstrap } from './bootstrap';
import { BootstrapUserData, checkIsBash, LastSteps } from './bootstrap-user-data';
import { DataVolume } from './data-volume';
import { checkDataVolumes, checkDeviceName, mapVolumes } from './data-volumes';
import { CreateFetch, createFetchedFile } from './fetched-file';
import { warnOfImageResolvedAtLaunch } from './image-resolved-at-launch';
import { architectureOf, checkInstanceTypes } from './instance-types';
import { letUserDataBeLong } from './long-user-data';
import { ConfigurationError } from '../shared/configuration-error';
import { checkWholeNumber } from '../shared/numbers';

/**
 * What instances are made from, whatever their image.
 */
export interface InstanceTemplateProps {
  /**
   * The size of the instances; of the processor architecture of the image.
   */
  readonly instanceType: ec2.InstanceType;

  /**
   * Types that stand in when AWS has none of `instanceType` left, best first; of the same processor architecture.
   *
   * On the day on which a zone is lost, everybody launches in the others: who can do with several types gets some. Each has to
   * carry what one of `instanceType` carries, since the need counts instances.
   *
   * @default - none; where AWS has no `instanceType` left, nothing is launched
   */
  readonly furtherInstanceTypes?: ec2.InstanceType[];

  /**
   * How much of what runs above the minimum may be Spot, in percent, 0 to 100.
   *
   * The minimum, on which the promise rests, is On-Demand whatever stands here. Spot is cheaper, and AWS takes it back with two
   * minutes of notice.
   *
   * @default 0
   */
  readonly spotPercentAboveMinimum?: number;

  /**
   * What an instance runs when it starts. Whoever may describe the instance can read it: no secrets.
   *
   * With a `bootstrap` it runs after that, and fails as loudly: under `set -euo pipefail`. Over 16 KB it travels through S3
   * by itself; values that are known at deployment only may stand in it all the same.
   *
   * @default - nothing
   */
  readonly userData?: ec2.UserData;

  /**
   * Volumes beside the root: encrypted, gp3, and gone with the instance.
   *
   * @default - none
   */
  readonly dataVolumes?: DataVolume[];

  /**
   * So many hops the answer of the metadata service (IMDSv2) may go, 1 or 2.
   *
   * With 2 containers with a network of their own reach it too, and with it the role of the instance.
   *
   * @default 1
   */
  readonly metadataHopLimit?: number;
}

/**
 * An image, and what it takes to start it.
 */
export interface MachineImageTemplateProps extends InstanceTemplateProps {
  /**
   * The image that every instance starts from.
   *
   * An image of your own that has all it needs on board is up soonest, and needs nothing from the network to start.
   *
   * The id of the image belongs into the launch template, so that a rollout is a change of that, and can be rolled back:
   * fixed at synth (`genericLinux`, cached lookups) or at deployment (`fromSsmParameter`, `latestAmazonLinux2023`). With
   * `resolveSsmParameterAtLaunch` the launch template never changes: instance refresh cannot roll back, and a bad image comes
   * in through the next instance that is launched for whatever reason, unannounced. That is taken with a warning.
   */
  readonly machineImage: ec2.IMachineImage;

  /**
   * What an instance still puts on itself when it starts; for images of the family of Amazon Linux, RHEL and Fedora.
   *
   * @default - nothing
   */
  readonly bootstrap?: Bootstrap;

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
 * What a stock image of Amazon Linux 2023 is made into.
 */
export interface AmazonLinux2023TemplateProps extends InstanceTemplateProps {
  /**
   * What an instance puts on itself when it starts.
   */
  readonly bootstrap: Bootstrap;
}

/**
 * How the instances of a fleet are made: from an image of your own, from a stock image that a bootstrap completes, or a mix.
 *
 * Every launch template requires IMDSv2 within one hop, encrypts the root volume (gp3, of the image's own size) and
 * measures every minute. Its role lets Systems Manager in, so that no port is open and no key is needed.
 */
export abstract class InstanceTemplate {
  /**
   * Instances that start from an image, which a bootstrap may complete.
   */
  public static fromMachineImage(props: MachineImageTemplateProps): InstanceTemplate {
    return new MachineImageTemplate(props);
  }

  /**
   * Instances that start from the stock image of Amazon Linux 2023 for their processor architecture, and a bootstrap.
   *
   * The image is the newest one at each deployment, so that a deployment may replace the instances. For one that stays, give
   * `fromMachineImage` an `ec2.MachineImage.latestAmazonLinux2023({ cachedInContext: true })`.
   */
  public static fromAmazonLinux2023(props: AmazonLinux2023TemplateProps): InstanceTemplate {
    return new AmazonLinux2023Template(props);
  }

  /**
   * @param lastSteps the prop of the construct that asks for steps at the end of a start, if one does
   *
   * @internal
   */
  public abstract _check(scope: IConstruct, lastSteps?: string): void;

  /**
   * The best one first.
   *
   * @internal
   */
  public abstract _instanceTypes(): ec2.InstanceType[];

  /** @internal */
  public abstract _spotPercentAboveMinimum(): number;

  /** @internal */
  public abstract _createLaunchTemplate(scope: Construct, vpc: ec2.IVpc, last?: LastSteps): ec2.LaunchTemplate;
}

class MachineImageTemplate extends InstanceTemplate {
  constructor(private readonly props: MachineImageTemplateProps) {
    super();
  }

  public _check(scope: IConstruct, lastSteps?: string): void {
    const { rootDeviceName, dataVolumes = [], bootstrap, userData, metadataHopLimit } = this.props;
    if (rootDeviceName !== undefined) { checkDeviceName(scope, 'instanceTemplate.rootDeviceName', rootDeviceName); }
    checkInstanceTypes(scope, this._instanceTypes());
    checkWholeNumber(scope, 'instanceTemplate.spotPercentAboveMinimum', this._spotPercentAboveMinimum(), { from: 0, to: 100 });
    if (metadataHopLimit !== undefined) { checkWholeNumber(scope, 'instanceTemplate.metadataHopLimit', metadataHopLimit, { from: 1, to: 2 }); }
    checkDataVolumes(scope, dataVolumes, rootDeviceName);
    bootstrap?._check(scope);
    const inBash = bootstrap ? 'bootstrap' : lastSteps;
    if (inBash && userData) { checkIsBash(scope, userData, inBash); }
  }

  public _instanceTypes(): ec2.InstanceType[] {
    return [this.props.instanceType, ...this.props.furtherInstanceTypes ?? []];
  }

  public _spotPercentAboveMinimum(): number {
    return this.props.spotPercentAboveMinimum ?? 0;
  }

  public _createLaunchTemplate(scope: Construct, vpc: ec2.IVpc, last?: LastSteps): ec2.LaunchTemplate {
    const role = createInstanceRole(scope);
    const template = new ec2.LaunchTemplate(scope, 'LaunchTemplate', {
      machineImage: this.props.machineImage,
      instanceType: this.props.instanceType,
      userData: this.createUserData(scope, role, last),
      role,
      securityGroup: new ec2.SecurityGroup(scope, 'InstanceSecurityGroup', { vpc }),
      requireImdsv2: true,
      httpPutResponseHopLimit: this.props.metadataHopLimit ?? 1,
      detailedMonitoring: true,
    });
    mapVolumes(template, this.props.rootDeviceName, this.props.dataVolumes);
    letUserDataBeLong(template, role);
    this.watchImage(scope, template, this.props.bootstrap ? 'bootstrap' : last?.prop);
    return template;
  }

  private createUserData(scope: Construct, role: iam.IRole, last?: LastSteps): ec2.UserData | undefined {
    const { bootstrap, userData } = this.props;
    if (!bootstrap && !last) { return userData; }
    const createFetch: CreateFetch = (id, content) => createFetchedFile(scope, id, content, role);
    return new BootstrapUserData(bootstrap?._lines(createFetch) ?? [], userData ?? ec2.UserData.forLinux(), last?.lines(createFetch));
  }

  /** Which image it is, and for which system, is known only when the launch template is there. */
  private watchImage(scope: Construct, template: ec2.LaunchTemplate, inBash?: string): void {
    warnOfImageResolvedAtLaunch(scope, template);
    if (inBash && template.osType === ec2.OperatingSystemType.WINDOWS) {
      template.node.addValidation({
        validate: () => [`'${inBash}' is a script in bash, which Windows does not run; give 'userData' of ec2.UserData.forWindows() in its place`],
      });
    }
  }
}

class AmazonLinux2023Template extends MachineImageTemplate {
  constructor(private readonly stock: AmazonLinux2023TemplateProps) {
    super({ ...stock, machineImage: stockImageFor(stock.instanceType) });
  }

  public _check(scope: IConstruct, lastSteps?: string): void {
    const { instanceType } = this.stock;
    if (!architectureOf(instanceType)) {
      throw new ConfigurationError(scope, `the processor architecture of 'instanceTemplate.instanceType' ${instanceType} is not known at synth`,
        'use InstanceTemplate.fromMachineImage with ec2.MachineImage.latestAmazonLinux2023({ cpuType })');
    }
    super._check(scope, lastSteps);
  }
}

function stockImageFor(instanceType: ec2.InstanceType): ec2.IMachineImage {
  const isArm = architectureOf(instanceType) === ec2.InstanceArchitecture.ARM_64;
  return ec2.MachineImage.latestAmazonLinux2023({ cpuType: isArm ? ec2.AmazonLinuxCpuType.ARM_64 : ec2.AmazonLinuxCpuType.X86_64 });
}

/** Systems Manager's own policy, kept up to date by AWS, is what its agent needs (cdk-nag's AwsSolutions-IAM4 asks why). */
function createInstanceRole(scope: Construct): iam.Role {
  return new iam.Role(scope, 'InstanceRole', {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
  });
}
