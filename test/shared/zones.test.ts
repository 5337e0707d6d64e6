import { Fn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { checkSeveralZones, selectSubnets, zoneOf, zonesOf } from '../../src/shared/zones';
import { networkOf, shopStack, shopStackAnywhere } from '../helpers/network';

const PRIVATE = { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };

/** A VPC of which another stack exports the ids, as lists that are known at deployment only. */
function networkKnownAtDeployment(stack: Stack): ec2.IVpc {
  const list = (name: string) => Fn.split(',', Fn.importValue(name));
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: Fn.importValue('VpcId'),
    availabilityZones: list('Zones'),
    privateSubnetIds: list('PrivateSubnets'),
  });
}

describe('zonesOf', () => {
  test('names each zone once', () => {
    const vpc = networkOf(shopStack(), 2);
    expect(zonesOf([...vpc.privateSubnets, ...vpc.publicSubnets])).toEqual(['eu-west-1a', 'eu-west-1b']);
  });

  test('counts the two zones of a stack without a fixed Region', () => {
    expect(zonesOf(new ec2.Vpc(shopStackAnywhere(), 'Vpc').privateSubnets)).toHaveLength(2);
  });

  test('does not know the zones of subnets imported without them', () => {
    const stack = shopStack();
    expect(zonesOf([ec2.Subnet.fromSubnetId(stack, 'One', 'subnet-1')])).toBeUndefined();
  });

  test('does not know the zones in a list that is known at deployment only', () => {
    const vpc = networkKnownAtDeployment(shopStack());
    expect(zoneOf(vpc.privateSubnets[0])).toBeUndefined();
  });
});

describe('checkSeveralZones', () => {
  test('refuses one zone, also where its name is known at deployment only', () => {
    const stack = shopStackAnywhere();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
    expect(() => checkSeveralZones(stack, 'vpcSubnets', vpc.privateSubnets))
      .toThrow("'vpcSubnets' selects subnets of one availability zone only (a zone known at deployment)");
  });

  test.each([
    ['two zones', () => networkOf(shopStack(), 2)],
    ['two zones of a stack without a fixed Region', () => new ec2.Vpc(shopStackAnywhere(), 'Vpc')],
    ['zones known at deployment only', () => networkKnownAtDeployment(shopStack())],
  ])('lets %s pass', (_, network) => {
    const vpc = network();
    expect(() => checkSeveralZones(Stack.of(vpc), 'vpcSubnets', vpc.privateSubnets)).not.toThrow();
  });
});

describe('selectSubnets', () => {
  test('says that there is none of the wanted kind', () => {
    const stack = shopStack();
    const vpc = networkOf(stack);
    expect(() => selectSubnets(stack, 'vpcSubnets', vpc, { subnetGroupName: 'Strange' })).toThrow("'vpcSubnets' selects no subnet of the VPC");
  });

  test('takes a subnet once', () => {
    const stack = shopStack();
    const [subnet, other] = networkOf(stack).privateSubnets;
    expect(selectSubnets(stack, 'vpcSubnets', networkOf(shopStack()), { subnets: [subnet, subnet, other] })).toEqual([subnet, other]);
  });

  test.each<ec2.SubnetSelection>([
    { availabilityZones: ['eu-west-1a', 'eu-west-1b'] }, { subnetGroupName: 'Web' }, { subnetType: ec2.SubnetType.PUBLIC },
  ])('lets %p pass in a VPC that is still to be looked up', selection => {
    const stack = shopStack();
    const subnets = selectSubnets(stack, 'vpcSubnets', ec2.Vpc.fromLookup(stack, 'Vpc', { vpcName: 'shop' }), selection);
    expect(() => checkSeveralZones(stack, 'vpcSubnets', subnets)).not.toThrow();
  });

  test('lets the name of a zone pass where the zones are known at deployment only', () => {
    const stack = shopStackAnywhere();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    expect(selectSubnets(stack, 'vpcSubnets', vpc, { ...PRIVATE, availabilityZones: [vpc.availabilityZones[0]] })).toHaveLength(1);
  });
});
