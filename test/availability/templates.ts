import { Simulation } from '../../src/fault-simulation/simulation';
import { RawResource, World } from '../../src/fault-simulation/template/world';
import { Facts } from '../../src/fault-simulation/topology';

export type Resources = Record<string, RawResource>;

export const REGION = 'eu-west-1';
export const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

export const ref = (id: string) => ({ Ref: id });

/** Of a stack named S, in eu-west-1. */
export function simulationOf(resources: Resources, facts: Facts = {}): Simulation {
  return new Simulation(new World([{ name: 'S', region: REGION, template: { Resources: resources } }]), facts);
}

/** Subnet0 in the first zone, and so on. */
export function subnets(zones: number): Resources {
  return Object.fromEntries(ZONES.slice(0, zones).map((AvailabilityZone, index) => [`Subnet${index}`, { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone } }]));
}

export const subnetRefs = (zones: number) => ZONES.slice(0, zones).map((_, index) => ref(`Subnet${index}`));

export interface Site {
  readonly zones: number;
  readonly size: number;
  readonly database?: 'single' | 'pair';
  /** For how long each launch is held back. */
  readonly hookSeconds?: number;
}

/** A balancer, a fleet behind it, and a database that the fleet needs. */
export function site({ zones, size, database, hookSeconds }: Site): Resources {
  const UserData = { 'Fn::Base64': { 'Fn::Sub': database ? 'echo DB=${Database.Endpoint.Address} >> /etc/app.env' : 'systemctl start app' } };
  const hook = { LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', DefaultResult: 'CONTINUE', HeartbeatTimeout: hookSeconds };
  return {
    ...subnets(zones),
    Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internet-facing', Subnets: subnetRefs(zones) } },
    Listener: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: { LoadBalancerArn: ref('Balancer'), DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }] },
    },
    Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Protocol: 'HTTP' } },
    Template: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: { ImageId: 'ami-1', UserData } } },
    Fleet: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: {
        VPCZoneIdentifier: subnetRefs(zones),
        DesiredCapacity: String(size),
        MinSize: String(size),
        MaxSize: String(size * 2),
        TargetGroupARNs: [ref('Targets')],
        LaunchTemplate: { LaunchTemplateId: ref('Template'), Version: '1' },
        ...hookSeconds === undefined ? {} : { LifecycleHookSpecificationList: [hook] },
      },
    },
    ...database ? databaseIn(zones, database === 'pair' ? { MultiAZ: true } : {}) : {},
  };
}

export function databaseIn(zones: number, properties: Record<string, unknown>): Resources {
  return {
    Group: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: subnetRefs(zones) } },
    Database: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres', DBSubnetGroupName: ref('Group'), ...properties } },
  };
}

/** A server with a fixed address in the first zone, and a database in any of two, or where it is said. */
export function fragile(database: Record<string, unknown> = {}): Resources {
  return {
    ...subnets(2),
    ...databaseIn(2, database),
    Server: {
      Type: 'AWS::EC2::Instance',
      Properties: { SubnetId: ref('Subnet0'), UserData: { 'Fn::Base64': { 'Fn::Sub': 'echo DB=${Database.Endpoint.Address} >> /etc/app.env' } } },
    },
    Address: { Type: 'AWS::EC2::EIP', Properties: { InstanceId: ref('Server') } },
  };
}

/** Two workers in two zones, which reach their queue through the one NAT gateway of the first. */
export function queueFed(): Resources {
  const route = (index: number): Resources => ({
    [`Table${index}`]: { Type: 'AWS::EC2::RouteTable' },
    [`Association${index}`]: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: ref(`Subnet${index}`), RouteTableId: ref(`Table${index}`) },
    },
    [`Route${index}`]: {
      Type: 'AWS::EC2::Route', Properties: { RouteTableId: ref(`Table${index}`), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: ref('Nat') },
    },
  });
  const receive = { Statement: [{ Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } }] };
  return {
    ...subnets(2),
    ...route(0),
    ...route(1),
    Public: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: ZONES[0] } },
    Nat: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: ref('Public') } },
    Queue: { Type: 'AWS::SQS::Queue' },
    Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: receive }] } },
    Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [ref('Role')] } },
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: {
        LaunchTemplateData: {
          IamInstanceProfile: { Arn: { 'Fn::GetAtt': ['Profile', 'Arn'] } },
          UserData: { 'Fn::Base64': { 'Fn::Sub': 'echo QUEUE=${Queue} >> /etc/worker.env' } },
        },
      },
    },
    Workers: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: {
        VPCZoneIdentifier: subnetRefs(2), DesiredCapacity: '2', MinSize: '2', MaxSize: '4', LaunchTemplate: { LaunchTemplateId: ref('Template'), Version: '1' },
      },
    },
  };
}
