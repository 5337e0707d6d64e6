import { broken, NOT_APPLICABLE, Rule } from '../rule';
import { dutiesOf, judgeTwo } from '../serving';
import { guaranteedSizeOf, isScaled } from '../sizes';

export const groupOfFewerThanTwo: Rule = {
  id: 'ASG2',
  title: 'A serving group guarantees fewer than two instances',
  severity: 'warning',
  reason: 'With its only instance goes the service, until another one has been launched, has booted and has passed its checks.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Auto Scaling": always at least two instances',
    'Amazon EC2 Auto Scaling User Guide, "Set scaling limits for your Auto Scaling group" (2026-11-20)',
  ],
  fix: 'Let MinSize be two at least, by every schedule too.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 1, MaxSize: 4, VPCZoneIdentifier: [subnet-1, subnet-2], TargetGroupARNs: [!Ref Targets]}`,
  good: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [subnet-1, subnet-2], TargetGroupARNs: [!Ref Targets]}`,
  judge: (group, topology) => {
    // who needs none, as it records, starts some when there is work
    if (topology.needOf(group)?.count === 0) { return NOT_APPLICABLE; }
    const size = guaranteedSizeOf(group, topology);
    const property = group.properties.DesiredCapacity === undefined || isScaled(group, topology) ? 'MinSize' : 'DesiredCapacity';
    const found = (most: number, what: string) => broken(`it guarantees ${most === 0 ? 'no instance' : 'one instance'} ${what}`, property);
    return judgeTwo(dutiesOf(group, topology), size, found, property);
  },
};
