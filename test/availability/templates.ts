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
  /** What becomes of it then; else it goes on. */
  readonly hookResult?: 'ABANDON';
  /** Whether servers fetch something when they start, through the NAT gateway of their zone, and are replaced while the balancer finds them dead. */
  readonly boots?: boolean;
}

/** A balancer, a fleet behind it, and a database that the fleet needs. */
export function site({ zones, size, database, hookSeconds, hookResult = 'CONTINUE' as never, boots }: Site): Resources {
  const script = [boots ? 'dnf install -y app' : 'systemctl start app', ...database ? ['echo DB=${Database.Endpoint.Address} >> /etc/app.env'] : []];
  const UserData = { 'Fn::Base64': { 'Fn::Sub': script.join('\n') } };
  const hook = { LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', DefaultResult: hookResult, HeartbeatTimeout: hookSeconds };
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
        ...boots ? { HealthCheckType: 'ELB' } : {},
        ...hookSeconds === undefined ? {} : { LifecycleHookSpecificationList: [hook] },
      },
    },
    ...database ? databaseIn(zones, database === 'pair' ? { MultiAZ: true } : {}) : {},
    ...boots ? Object.assign({}, ...ZONES.slice(0, zones).map((_, index) => wayOut(index, index))) : {},
  };
}

/** The default route of a subnet, through the NAT gateway of this number, and that with a subnet of its own. */
export function wayOut(subnet: number, nat: number): Resources {
  return {
    [`Public${nat}`]: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: ZONES[nat] } },
    [`Nat${nat}`]: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: ref(`Public${nat}`) } },
    [`Table${subnet}`]: { Type: 'AWS::EC2::RouteTable' },
    [`Association${subnet}`]: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: ref(`Subnet${subnet}`), RouteTableId: ref(`Table${subnet}`) },
    },
    [`Route${subnet}`]: {
      Type: 'AWS::EC2::Route', Properties: { RouteTableId: ref(`Table${subnet}`), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: ref(`Nat${nat}`) },
    },
  };
}

/** A name in front of what a balancer leads to, which moves to a distribution after 150 seconds, or does not. */
export function named(resources: Resources, failover: boolean): Resources {
  const record = (properties: Record<string, unknown>) =>
    ({ Type: 'AWS::Route53::RecordSet', Properties: { Name: 'shop.example.com', Type: 'A', HostedZoneId: 'Z1', ...properties } });
  const alias = (id: string, attribute: string) => ({ DNSName: { 'Fn::GetAtt': [id, attribute] }, HostedZoneId: 'Z2', EvaluateTargetHealth: true });
  const AliasTarget = alias('Balancer', 'DNSName');
  return !failover ? { ...resources, Name: record({ AliasTarget }) } : {
    ...resources,
    Name: record({ AliasTarget, SetIdentifier: 'one', Failover: 'PRIMARY', HealthCheckId: ref('Check') }),
    Second: record({ AliasTarget: alias('Pages', 'DomainName'), SetIdentifier: 'two', Failover: 'SECONDARY' }),
    Check: { Type: 'AWS::Route53::HealthCheck', Properties: { HealthCheckConfig: { Type: 'HTTPS', RequestInterval: 30, FailureThreshold: 3 } } },
    Pages: { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig: { Origins: [], DefaultCacheBehavior: {} } } },
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
  const receive = { Statement: [{ Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } }] };
  return {
    ...subnets(2),
    ...wayOut(0, 0),
    ...wayOut(1, 0),
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
