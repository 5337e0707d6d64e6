import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { agentConfiguration, healthUrlOf, NatGroup } from './nat-agent-configuration';
import { createNatInstanceRole, INTERFACE_TAG } from './nat-instance-role';
import { natInstanceUserData } from './nat-instance-user-data';
import { createDefaultRoutes } from './nat-network';
import { ZonalNatInterface } from './zonal-nat-interface';
import { mapVolumes } from '../launch-templates/data-volumes';
import { createFetchedFile } from '../launch-templates/fetched-file';
import { warnOfImageResolvedAtLaunch } from '../launch-templates/image-resolved-at-launch';
import { letUserDataBeLong } from '../launch-templates/long-user-data';
import { createGroup, resourceOf } from '../shared/fleet';

/** An instance is as old as that at most, plus a day for each zone before its own: so two of them seldom go on the same day. */
const SHORTEST_LIFETIME_DAYS = 14;

/** So long a rollout waits for a new instance, before it goes on to the next zone: for its start, and until it has its traffic back. */
const WARMUP = Duration.minutes(5);

export interface ZonalNatInstanceProps {
  readonly group: NatGroup;
  readonly zone: string;
  /** The place of the zone among the others. */
  readonly index: number;
  readonly publicSubnet: ec2.ISubnet;
  readonly privateSubnets: ec2.ISubnet[];
  readonly networkInterface: ZonalNatInterface;
  readonly instanceType: ec2.InstanceType;
  readonly machineImage: ec2.IMachineImage;
  /** What the instance runs, as an archive. */
  readonly programs: Buffer;
  /** For the interface with which an instance starts, by which it reaches AWS whoever has its traffic. */
  readonly securityGroup: ec2.ISecurityGroup;
}

/** What carries one zone's way out: a group of one instance, which takes the interface of the zone. Part of `HaNatPerAz`, not exported. */
export class ZonalNatInstance extends Construct {
  public readonly autoScalingGroup: autoscaling.AutoScalingGroup;

  constructor(scope: Construct, id: string, private readonly props: ZonalNatInstanceProps) {
    super(scope, id);

    const role = createNatInstanceRole(this, props.group, props.networkInterface);
    this.autoScalingGroup = this.createGroup(this.createLaunchTemplate(role));
    // or all zones' would be called as the VPC, where that made them
    Tags.of(this.autoScalingGroup).add('Name', this.node.path);
    // the first instance starts with all that it may do, and finds its address
    this.autoScalingGroup.node.addDependency(role, props.networkInterface);
    const routes = createDefaultRoutes(this, props.privateSubnets, props.networkInterface.networkInterface);
    // whoever waits for the way out waits for somebody behind it
    routes.forEach(route => route.node.addDependency(resourceOf(this.autoScalingGroup)));
  }

  private createLaunchTemplate(role: iam.Role): ec2.LaunchTemplate {
    const { group, zone, networkInterface, instanceType, machineImage, securityGroup, programs } = this.props;
    const fetchPrograms = createFetchedFile(this, 'Programs', programs, role);
    const configuration = agentConfiguration(group, zone);
    const template = new ec2.LaunchTemplate(this, 'LaunchTemplate', {
      machineImage,
      instanceType,
      userData: natInstanceUserData(configuration, healthUrlOf(networkInterface), group.options.preserveConnections ?? false, fetchPrograms),
      role,
      securityGroup,
      associatePublicIpAddress: true,
      requireImdsv2: true,
      httpPutResponseHopLimit: 1,
      // an instance that gives up powers off, and is replaced
      instanceInitiatedShutdownBehavior: ec2.InstanceInitiatedShutdownBehavior.TERMINATE,
    });
    mapVolumes(template, group.options.rootDeviceName);
    Tags.of(template).add(INTERFACE_TAG, networkInterface.networkInterface.ref);
    letUserDataBeLong(template, role);
    warnOfImageResolvedAtLaunch(this, template);
    return template;
  }

  /** One instance goes before the next one comes, as only one of them can have the interface; another zone stands in meanwhile. */
  private createGroup(launchTemplate: ec2.LaunchTemplate): autoscaling.AutoScalingGroup {
    const { group, instanceType, publicSubnet, index } = this.props;
    const oneAfterTheOther = { minHealthyPercentage: 0, maxHealthyPercentage: 100 };
    return createGroup(this, 'Instances', {
      vpc: group.network.vpc,
      subnets: [publicSubnet],
      launchTemplate,
      instanceTypes: [instanceType],
      spotPercentAboveMinimum: 0,
      sizes: { min: 1, max: 1 },
      healthChecks: autoscaling.HealthChecks.withAdditionalChecks({
        additionalTypes: [autoscaling.AdditionalHealthCheckType.EBS],
        gracePeriod: Duration.minutes(2),
      }),
      updatePolicy: autoscaling.UpdatePolicy.instanceRefresh({ strategy: autoscaling.InstanceRefreshStrategy.ROLLING, ...oneAfterTheOther }),
      ...oneAfterTheOther,
      instanceWarmup: WARMUP,
      maxInstanceLifetime: Duration.days(SHORTEST_LIFETIME_DAYS + index),
      removalPolicy: RemovalPolicy.DESTROY, // there is nothing on it that could be lost
    });
  }
}
