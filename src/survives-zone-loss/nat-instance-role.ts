import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE, NatGroup } from './nat-agent-configuration';
import { NatAddresses } from './nat-instances-options';
import { routeTableIdsOf } from './nat-network';
import { ZonalNatInterface } from './zonal-nat-interface';

/** By this tag the instances of a zone may have the interface of the zone, which is its value. */
export const INTERFACE_TAG = 'cdk-fault-tolerance:nat-interface';

/** What the instance of a zone may do: take its own interface, lead the routes of the group to somewhere else, and tell how it is. */
export function createNatInstanceRole(scope: Construct, { network, options, interfaces }: NatGroup, own: ZonalNatInterface): iam.Role {
  const arns = (resource: string, ids: string[]) => ids.map(resourceName => Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName }));
  const zones = [...interfaces.values()];
  const follow = options.addresses === NatAddresses.FOLLOW;
  const tables = routeTableIdsOf([...network.zones.values()].flatMap(({ privateSubnets }) => privateSubnets));
  const role = new iam.Role(scope, 'InstanceRole', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
  const allow = (actions: string[], resources: string[], conditions?: Record<string, unknown>) =>
    role.addToPolicy(new iam.PolicyStatement({ actions, resources, conditions }));

  allow(['ec2:ReplaceRoute'], arns('route-table', tables));
  allow(['ec2:AttachNetworkInterface'], arns('network-interface', [own.networkInterface.ref]));
  allow(['ec2:AttachNetworkInterface'], arns('instance', ['*']), {
    StringEquals: { [`aws:ResourceTag/${INTERFACE_TAG}`]: own.networkInterface.ref },
  });
  // these know no narrower permission
  allow(['ec2:DescribeRouteTables', 'ec2:DescribeNetworkInterfaces', ...follow ? ['ec2:DescribeAddresses'] : []], ['*']);
  allow(['cloudwatch:PutMetricData'], ['*'], { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACE } });
  if (follow) {
    allow(['ec2:AssociateAddress'], [
      ...arns('elastic-ip', zones.map(({ allocationId }) => allocationId)),
      ...arns('network-interface', zones.map(({ networkInterface }) => networkInterface.ref)),
    ]);
  }
  return role;
}
