import { BACK, found, get, gone, LESS, LOST, open, region, standing, UNDECIDED, WELL } from './standing';
import { both, instanceOf, REGION, Resources, simulationOf, stackOf, subnets, verdict, zone } from './template-of';

describe('Kubernetes', () => {
  const kubernetes = (ScalingConfig: unknown, Subnets: unknown = both): Resources => ({
    ...subnets,
    Cluster: ['EKS::Cluster', { ResourcesVpcConfig: { SubnetIds: both } }],
    It: ['EKS::Nodegroup', { ClusterName: { Ref: 'Cluster' }, Subnets, ...ScalingConfig ? { ScalingConfig } : {} }],
  });

  test('has its nodes spread and replaced', () => {
    const resources = kubernetes({ DesiredSize: 4, MinSize: 2 });
    expect(verdict(stackOf(resources), zone(0), 'It')).toEqual(['degraded', 'unaffected', 0.5]);
    expect(verdict(stackOf(resources), instanceOf('It'), 'It')).toEqual(['degraded', 'unaffected', 0.75]);
    expect(standing(resources, zone(2))).toEqual(WELL);
    expect(standing(resources, gone('Cluster'))).toEqual(LOST);
    expect(standing(kubernetes({ MinSize: 2 }, [{ Ref: 'A' }]), zone(0))).toEqual(LOST);
  });

  test('is undecided where its nodes are', () => {
    expect(standing(kubernetes({ DesiredSize: open }), zone(0))).toEqual(UNDECIDED);
    expect(standing(kubernetes(undefined), zone(0))).toEqual(UNDECIDED);
    expect(standing(kubernetes({ DesiredSize: 2 }, open), zone(0))).toEqual(UNDECIDED);
  });

  test('starts no node where the way to the registry is gone', () => {
    const routes = (id: string): Resources => ({
      [`${id}Table`]: ['EC2::RouteTable'],
      [`${id}Route`]: ['EC2::Route', { RouteTableId: { Ref: `${id}Table` }, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: { Ref: 'Nat' } }],
      [`${id}Association`]: ['EC2::SubnetRouteTableAssociation', { SubnetId: { Ref: id }, RouteTableId: { Ref: `${id}Table` } }],
    });
    expect(standing({ ...kubernetes({ DesiredSize: 2 }), ...routes('A'), ...routes('B'), Nat: ['EC2::NatGateway', { SubnetId: { Ref: 'A' } }] }, zone(0))).toEqual(LESS);
  });

  test('needs the stores that let in the security group of the cluster, or that of its launch template', () => {
    const lets = (from: object): Resources => ({
      ...kubernetes({ DesiredSize: 2 }),
      Inner: ['EC2::SecurityGroup', { SecurityGroupIngress: [{ FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: from }] }],
      Database: ['RDS::DBInstance', { Engine: 'postgres', AvailabilityZone: `${REGION}a`, VPCSecurityGroups: [get('Inner', 'GroupId')] }],
    });
    expect(standing(lets(get('Cluster', 'ClusterSecurityGroupId')), zone(0))).toEqual(LOST);
    const template: Resources = {
      Outer: ['EC2::SecurityGroup'],
      Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { SecurityGroupIds: [get('Outer', 'GroupId')] } }],
    };
    const named: Resources = { It: ['EKS::Nodegroup', { Subnets: both, ScalingConfig: { DesiredSize: 2 }, LaunchTemplate: { Id: { Ref: 'Template' } } }] };
    expect(standing({ ...lets(get('Outer', 'GroupId')), ...template, ...named }, zone(0))).toEqual(LOST);
  });

  test('has a control plane that is reached from the subnets that are left, and pods on Fargate in those', () => {
    const plane = (SubnetIds: unknown): Resources => ({ ...subnets, It: ['EKS::Cluster', { ResourcesVpcConfig: { SubnetIds } }] });
    expect([both, [{ Ref: 'A' }], open].map(list => standing(plane(list), zone(0)))).toEqual([WELL, LOST, UNDECIDED]);
    const profile = (Subnets: unknown): Resources => ({ ...subnets, It: ['EKS::FargateProfile', { ClusterName: 'of-somebody', Subnets }] });
    expect([both, [{ Ref: 'A' }], open].map(list => standing(profile(list), zone(0)))).toEqual([WELL, LOST, UNDECIDED]);
  });

  test('is read as CDK makes it, too', () => {
    const { template, ...stack } = stackOf(subnets);
    const It = { Type: 'Custom::AWSCDK-EKS-Cluster', Properties: { Config: { resourcesVpcConfig: { subnetIds: both } } } };
    expect(verdict({ ...stack, template: { Resources: { ...template.Resources, It } } }, zone(0), 'It')[0]).toBe('unaffected');
  });
});

describe('Batch', () => {
  const batch = (properties: object): Resources => ({
    ...subnets,
    Environment: ['Batch::ComputeEnvironment', { Type: 'MANAGED', ...properties }],
    It: ['Batch::JobQueue', { ComputeEnvironmentOrder: [{ Order: 1, ComputeEnvironment: { Ref: 'Environment' } }] }],
  });
  const of1 = (Type: string, Subnets: unknown) => ({ ComputeResources: { Type, Subnets } });

  test.each<[string, object, string[]]>([
    ['starts anew in another zone what jobs run on', of1('EC2', both), BACK],
    ['starts tasks of Fargate anew', of1('FARGATE', both), BACK],
    ['is lost with its only zone', of1('EC2', [{ Ref: 'A' }]), LOST],
    ['stands without another zone', of1('EC2', [{ Ref: 'B' }]), WELL],
    ['is undecided where its subnets are', of1('EC2', open), UNDECIDED],
    ['is undecided where somebody else manages it', { Type: 'UNMANAGED' }, UNDECIDED],
  ])('%s', (_, properties, expected) => {
    expect(standing(batch(properties), zone(0))).toEqual(expected);
  });
});

describe('a stream', () => {
  const pinned = ['Lambda::Function', { VpcConfig: { SubnetIds: [{ Ref: 'A' }] } }] as const;
  const mapped = (source: object, FunctionName = 'Worker'): Resources => ({ Mapping: ['Lambda::EventSourceMapping', { EventSourceArn: source, FunctionName: { Ref: FunctionName } }] });

  test('stands for the work on it, as a queue does, and is then what users see', () => {
    const resources: Resources = { ...subnets, It: ['Kinesis::Stream'], Worker: pinned, ...mapped(get('It')) };
    expect([zone(0), zone(1), region].map(fault => standing(resources, fault))).toEqual([LOST, WELL, LOST]);
    expect(found(resources, zone(0))?.data).toBe('none');
    expect(simulationOf(stackOf(resources)).services.map(({ logicalId }) => logicalId)).toEqual(['It']);
    expect(simulationOf(stackOf({ It: ['Kinesis::Stream'] })).services).toEqual([]);
    expect(standing({ It: ['Kinesis::Stream'] }, zone(0))).toEqual(WELL);
  });

  test('is not done by one of those who read it for all', () => {
    const other: Resources = { Free: ['Lambda::Function'], Other: ['Lambda::EventSourceMapping', { EventSourceArn: get('It'), FunctionName: { Ref: 'Free' } }] };
    expect(standing({ ...subnets, It: ['Kinesis::Stream'], Worker: pinned, ...mapped(get('It')), ...other }, zone(0))).toEqual(LOST);
  });

  test('is read through a consumer, by a delivery, and by who may', () => {
    const consumer: Resources = { Reader: ['Kinesis::StreamConsumer', { StreamARN: get('It') }], Worker: pinned, ...mapped(get('Reader', 'ConsumerARN')) };
    expect(standing({ ...subnets, It: ['Kinesis::Stream'], ...consumer }, zone(0))).toEqual(LOST);
    const delivery: Resources = {
      Delivery: ['KinesisFirehose::DeliveryStream', {
        KinesisStreamSourceConfiguration: { KinesisStreamARN: get('It') },
        ExtendedS3DestinationConfiguration: { BucketARN: get('Bucket'), ProcessingConfiguration: { Processors: [{ Parameters: [{ ParameterValue: get('Worker') }] }] } },
      }],
      Bucket: ['S3::Bucket'],
      Worker: pinned,
    };
    expect(standing({ ...subnets, It: ['Kinesis::Stream'], ...delivery }, zone(0))).toEqual(LOST);
    expect(standing({ ...subnets, It: ['Kinesis::Stream'], ...delivery }, zone(1), 'Delivery')).toEqual(WELL);
    const granted: Resources = {
      Role: ['IAM::Role', { Policies: [{ PolicyDocument: { Statement: [{ Action: ['kinesis:GetRecords'], Resource: get('It') }] } }] }],
      Worker: ['Lambda::Function', { ...pinned[1], Role: get('Role') }],
    };
    expect(standing({ ...subnets, It: ['Kinesis::Stream'], ...granted }, zone(0))).toEqual(LOST);
  });

  test('forgets what nobody has worked on after its retention', () => {
    const resources: Resources = { ...subnets, It: ['Kinesis::Stream', { RetentionPeriodHours: 24 }], Worker: pinned, ...mapped(get('It')) };
    expect(found({ ...resources, It: ['Kinesis::Stream', { RetentionPeriodHours: 23 }] }, zone(0))?.data).toBe('minutes');
    expect(found(resources, region)?.data).toBe('everything');
  });

  test('of deliveries goes by the ways to where it delivers', () => {
    const delivery = (SubnetIds: unknown): Resources => ({
      ...subnets, It: ['KinesisFirehose::DeliveryStream', { AmazonopensearchserviceDestinationConfiguration: { VpcConfiguration: { SubnetIds } } }],
    });
    expect([both, [{ Ref: 'A' }], open].map(list => standing(delivery(list), zone(0)))).toEqual([WELL, LOST, UNDECIDED]);
  });
});

describe('a state machine', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a text', { DefinitionString: { 'Fn::Sub': '{"States":{"Pay":{"Resource":"${Worker.Arn}"}}}' } }],
    ['an object', { Definition: { States: { Pay: { Resource: get('Worker') } } } }],
    ['substitutions', { DefinitionS3Location: {}, DefinitionSubstitutions: { Worker: get('Worker') } }],
  ])('needs what its definition refers to in %s', (_, definition) => {
    const resources: Resources = {
      ...subnets, Worker: ['Lambda::Function', { VpcConfig: { SubnetIds: [{ Ref: 'A' }] } }], It: ['StepFunctions::StateMachine', definition],
    };
    expect([zone(0), zone(1), region].map(fault => standing(resources, fault))).toEqual([LOST, WELL, LOST]);
    expect(simulationOf(stackOf(resources)).services).toEqual([]);
  });

  test('is undecided with what is not read', () => {
    expect(standing({ Model: ['SageMaker::Endpoint'], It: ['StepFunctions::StateMachine', { DefinitionSubstitutions: { Model: { Ref: 'Model' } } }] }, zone(0))).toEqual(UNDECIDED);
  });
});
