import { at, Unknown } from '../../fault-simulation/template/value';
import { broken, NOT_APPLICABLE, Rule } from '../rule';
import { dutiesOf, judgeTwo } from '../serving';
import { tasksOf } from '../sizes';
import { judgeZones } from '../spread';
import { worstOf } from '../worst';


const SUBNETS = 'NetworkConfiguration.AwsvpcConfiguration.Subnets';

export const serviceOfOneTask: Rule = {
  id: 'ECS1',
  title: 'A service has fewer than two tasks, or is in one zone',
  severity: 'error',
  reason: 'With its only task the service is gone until another one has started; with its only zone until somebody gives it other subnets.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Building Multi-AZ Architectures to Achieve High Availability"',
    'Amazon ECS Developer Guide, "Balancing an Amazon ECS service across Availability Zones" (2026-11-20)',
  ],
  fix: 'Let DesiredCount be two at least, in subnets of two zones.',
  types: ['AWS::ECS::Service'],
  needsTopology: true,
  bad: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: ip, Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Service:
  Type: AWS::ECS::Service
  Properties:
    DesiredCount: 1
    LaunchType: FARGATE
    TaskDefinition: shop:1
    NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1, subnet-2]}}
    LoadBalancers: [{TargetGroupArn: !Ref Targets, ContainerName: shop, ContainerPort: 80}]`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: ip, Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Service:
  Type: AWS::ECS::Service
  Properties:
    DesiredCount: 2
    LaunchType: FARGATE
    TaskDefinition: shop:1
    NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref A, !Ref B]}}
    LoadBalancers: [{TargetGroupArn: !Ref Targets, ContainerName: shop, ContainerPort: 80}]`,
  judge: (service, topology) => {
    const { SchedulingStrategy: strategy, NetworkConfiguration: network } = service.properties;
    if (strategy === 'DAEMON') { return NOT_APPLICABLE; }
    // what serves nobody that is shown may be a job that is there once
    const found = (most: number, what: string) => broken(`it has ${most === 0 ? 'no task' : 'one task'} ${what}`, 'DesiredCount');
    const tasks = judgeTwo(dutiesOf(service, topology), tasksOf(service, topology), found, 'DesiredCount');
    const awsvpc = at(network, 'AwsvpcConfiguration');
    const subnets = [network, awsvpc].find(one => one instanceof Unknown) ?? at(awsvpc, 'Subnets');
    return subnets === undefined ? tasks : worstOf([tasks, judgeZones(topology.zonesOfSubnets(subnets), 2, SUBNETS)]);
  },
};
