import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { both, instanceOf, REGION, Resources, simulationOf, stackOf, subnets, verdict, zone } from './template-of';
import { Simulation } from '../../src/fault-simulation/simulation';
import { readStack } from '../../src/fault-simulation/template/read';
import { World } from '../../src/fault-simulation/template/world';

/** What the templates of others showed; they are not in this repository. */
describe('the fault simulation', () => {
  test('misses the instances of a classic balancer also where its subnets are not known', () => {
    const stack = stackOf({
      Balancer: ['ElasticLoadBalancing::LoadBalancer', { Subnets: { Ref: 'Subnets' } }],
      Group: ['AutoScaling::AutoScalingGroup', { MinSize: 1, VPCZoneIdentifier: { Ref: 'Subnets' }, LoadBalancerNames: [{ Ref: 'Balancer' }] }],
    }, { Parameters: { Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' } } });
    expect(verdict(stack, instanceOf('Group'), 'Balancer')).toEqual(['interrupted', 'unaffected', undefined]);
    expect(verdict(stack, zone(0), 'Balancer')[0]).toBe('unknown');
  });

  test('takes the zone that AWS chooses for a server without a subnet at its worst', () => {
    const stack = stackOf({ Server: ['EC2::Instance'] });
    for (const index of [0, 1, 2]) { expect(verdict(stack, zone(index), 'Server')[0]).toBe('lost'); }
  });

  test('takes any zone away where none is known by its name', () => {
    const faults = (resources: Resources, template = {}) => simulationOf(stackOf(resources, template)).singleFaults.map(({ id }) => id);
    expect(faults({ Server: ['EC2::Instance'] })).toEqual(['zone:any', 'instance:Stack/Server']);
    expect(faults({})).toEqual([]);
    const imported = stackOf({ Server: ['EC2::Instance', { SubnetId: { 'Fn::ImportValue': 'Subnet' } }] });
    const [any] = simulationOf(imported).singleFaults;
    expect(verdict(imported, any.fault, 'Server')[0]).toBe('unknown');
  });

  test('takes away the zones of whatever names a subnet, wherever it does', () => {
    const service = { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1', 'subnet-2'] } }, LaunchType: 'FARGATE' };
    const simulation = new Simulation(new World([stackOf({ Service: ['ECS::Service', service] })]), { subnetZones: { 'subnet-1': `${REGION}a`, 'subnet-2': `${REGION}b` } });
    expect(simulation.singleFaults.map(({ id }) => id)).toEqual([`zone:${REGION}a`, `zone:${REGION}b`, 'instance:Stack/Service']);
  });

  test('follows a chain of needs to its end, however long it is', () => {
    const length = 80;
    const functions = Object.fromEntries(Array.from({ length }, (_, index): [string, Resources[string]] => [`F${index}`, ['Lambda::Function', {
      Environment: { Variables: { NEXT: index + 1 < length ? { 'Fn::GetAtt': [`F${index + 1}`, 'Arn'] } : { 'Fn::GetAtt': ['Server', 'PrivateIp'] } } },
    }]]));
    expect(verdict(stackOf({ ...functions, Server: ['EC2::Instance', { AvailabilityZone: `${REGION}a` }] }), zone(0), 'F0')[0]).toBe('lost');
  });

  test('takes an import from its own Region', () => {
    const network = (name: string, region: string) => ({
      name, region, template: { Resources: { S: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: `${region}a` } } }, Outputs: { S: { Value: { Ref: 'S' }, Export: { Name: 'Subnet' } } } },
    });
    const app = { name: 'App', region: REGION, template: { Resources: { Server: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: { 'Fn::ImportValue': 'Subnet' } } } } } };
    const verdicts = simulationOf(network('Here', REGION), network('There', 'us-east-1'), app).under(zone(0));
    expect(verdicts.get('App/Server')?.atOnce).toBe('lost');
  });

  test('loses a file system of Lustre for which nobody says how it is deployed', () => {
    const stack = stackOf({ Files: ['FSx::FileSystem', { FileSystemType: 'LUSTRE', SubnetIds: [{ Ref: 'A' }] }], ...subnets });
    expect(verdict(stack, { kind: 'host', of: 'Stack/Files' }, 'Files')[0]).toBe('lost');
    const open = stackOf({ Files: ['FSx::FileSystem', { SubnetIds: [{ Ref: 'A' }], WindowsConfiguration: { DeploymentType: { Ref: 'Type' } } }], ...subnets }, { Parameters: { Type: { Type: 'String' } } });
    expect(verdict(open, { kind: 'host', of: 'Stack/Files' }, 'Files')[0]).toBe('unknown');
  });

  test('takes what AWS chooses in another Region for out of reach', () => {
    const server = { Resources: { Server: { Type: 'AWS::EC2::Instance' } } };
    const simulation = new Simulation(new World([{ name: 'Here', region: REGION, template: server }, { name: 'There', region: 'us-east-1', template: server }]));
    const verdicts = simulation.under(zone(0));
    expect(['Here/Server', 'There/Server'].map(key => verdicts.get(key)?.atOnce)).toEqual(['lost', 'unaffected']);
  });

  test('takes a lost host for as many tasks as may have been on it', () => {
    const stack = stackOf({
      ...subnets,
      Cluster: ['ECS::Cluster'],
      Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { UserData: { 'Fn::Base64': { 'Fn::Sub': 'echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config' } } } }],
      Hosts: ['AutoScaling::AutoScalingGroup', { MinSize: 4, VPCZoneIdentifier: both, LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } } }],
      Task: ['ECS::TaskDefinition', { ContainerDefinitions: [{ Image: 'nginx' }] }],
      Service: ['ECS::Service', { Cluster: { Ref: 'Cluster' }, LaunchType: 'EC2', DesiredCount: 4, TaskDefinition: { Ref: 'Task' } }],
    });
    expect(verdict(stack, instanceOf('Hosts'), 'Hosts')[2]).toBe(0.75);
    expect(verdict(stack, instanceOf('Hosts'), 'Service')).toEqual(['degraded', 'unaffected', 0.5]);
    expect(verdict(stack, zone(0), 'Service')).toEqual(['degraded', 'unaffected', 0.5]);
  });

  test('mounts file systems in tasks and functions, by access points too', () => {
    const stack = stackOf({
      ...subnets,
      Files: ['EFS::FileSystem', { AvailabilityZoneName: `${REGION}a` }],
      Point: ['EFS::AccessPoint', { FileSystemId: { Ref: 'Files' } }],
      Task: ['ECS::TaskDefinition', { ContainerDefinitions: [{ Image: 'nginx' }], Volumes: [{ EFSVolumeConfiguration: { FilesystemId: { Ref: 'Files' } } }] }],
      Service: ['ECS::Service', {
        LaunchType: 'FARGATE', DesiredCount: 2, TaskDefinition: { Ref: 'Task' }, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: both } },
      }],
      Function: ['Lambda::Function', { VpcConfig: { SubnetIds: both }, FileSystemConfigs: [{ Arn: { 'Fn::GetAtt': ['Point', 'Arn'] } }] }],
    });
    expect(verdict(stack, zone(0), 'Service')[0]).toBe('lost');
    expect(verdict(stack, zone(0), 'Function')[0]).toBe('lost');
  });

  test('misses a table or a queue that is gone for whoever needs it', () => {
    const stack = stackOf({ Table: ['DynamoDB::Table'], Function: ['Lambda::Function', { Environment: { Variables: { TABLE: { Ref: 'Table' } } } }] });
    expect(verdict(stack, { kind: 'gone', of: 'Stack/Table' }, 'Function')[0]).toBe('lost');
  });

  test('does not doubt a group for a password, or for what another fault is about', () => {
    const text = { 'Fn::Base64': { 'Fn::Sub': 'echo ${Password} ${Host} >> /etc/app.env' } };
    const group = { MinSize: 2, VPCZoneIdentifier: both, LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } } };
    const resources = { ...subnets, Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { UserData: text } }], Group: ['AutoScaling::AutoScalingGroup', group] } as const;
    const password = { Type: 'String', NoEcho: true };
    const known = stackOf(resources, { Parameters: { Password: password, Host: { Type: 'String', Default: 'here' } } });
    expect(verdict(known, zone(0), 'Group')[0]).toBe('degraded');
    const open = stackOf(resources, { Parameters: { Password: password, Host: { Type: 'String' } } });
    expect(verdict(open, zone(0), 'Group')[0]).toBe('unknown');
    expect(verdict(open, instanceOf('Group'), 'Group')[0]).toBe('degraded');
  });

  test('counts the tasks to which a service is scaled at least', () => {
    const stack = stackOf({
      ...subnets,
      Service: ['ECS::Service', { LaunchType: 'FARGATE', NetworkConfiguration: { AwsvpcConfiguration: { Subnets: both } } }],
      Scaling: ['ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, ResourceId: { 'Fn::Join': ['/', ['service', 'cluster', { 'Fn::GetAtt': ['Service', 'Name'] }]] } }],
    });
    expect(verdict(stack, zone(0), 'Service')).toEqual(['degraded', 'unaffected', 0.5]);
  });

  test('takes of the subnets of a group those in its zones only', () => {
    const stack = stackOf({ ...subnets, Group: ['AutoScaling::AutoScalingGroup', { MinSize: 2, VPCZoneIdentifier: both, AvailabilityZones: [`${REGION}a`] }] });
    expect(verdict(stack, zone(0), 'Group')[0]).toBe('lost');
    expect(verdict(stack, zone(1), 'Group')[0]).toBe('unaffected');
  });

  test('finds a need in a security group at the port of the store only', () => {
    const from = (port: number) => stackOf({
      ...subnets,
      Group: ['EC2::SecurityGroup'],
      Inner: ['EC2::SecurityGroup', { SecurityGroupIngress: [{ FromPort: port, ToPort: port, SourceSecurityGroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] } }] }],
      Database: ['RDS::DBInstance', { Engine: 'postgres', AvailabilityZone: `${REGION}a`, VPCSecurityGroups: [{ 'Fn::GetAtt': ['Inner', 'GroupId'] }] }],
      Server: ['EC2::Instance', { SubnetId: { Ref: 'B' }, SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] }],
    });
    expect([5431, 5432, 5433].map(port => verdict(from(port), zone(0), 'Server')[0])).toEqual(['unaffected', 'lost', 'unaffected']);
  });

  test('finds an endpoint in a network that is not in the templates, unless the name of the service leads past it', () => {
    const inNetwork = (id: string) => ['EC2::Subnet', { VpcId: 'vpc-1', AvailabilityZone: `${REGION}${id}` }] as const;
    const standsWithout = (PrivateDnsEnabled?: boolean, more: Resources = {}) => verdict(stackOf({
      A: inNetwork('a'),
      Endpoint: ['EC2::VPCEndpoint', {
        VpcId: 'vpc-1', VpcEndpointType: 'Interface', ServiceName: `com.amazonaws.${REGION}.sqs`, SubnetIds: [{ Ref: 'A' }], PrivateDnsEnabled,
      }],
      Queue: ['SQS::Queue'],
      Server: ['EC2::Instance', { SubnetId: { Ref: 'A' }, UserData: { 'Fn::Base64': { 'Fn::Sub': 'echo ${Queue} >> /etc/app.env' } } }],
      ...more,
    }), { kind: 'gone', of: 'Stack/Endpoint' }, 'Server')[0];
    expect([undefined, true, false].map(one => standsWithout(one))).toEqual(['lost', 'lost', 'unaffected']);
    const AliasTarget = { DNSName: { 'Fn::GetAtt': ['Endpoint', 'DnsEntries'] } };
    const record: Resources = { Record: ['Route53::RecordSet', { Name: 'sqs.example.net', Type: 'A', AliasTarget }] };
    expect(standsWithout(false, record)).toBe('lost');
  });

  test('knows that of two subnets of a balancer one at most is gone with a zone', () => {
    const stack = stackOf({ ...subnets, Balancer: ['ElasticLoadBalancingV2::LoadBalancer', { Subnets: [{ Ref: 'A' }, 'subnet-of-somebody'] }] });
    expect(verdict(stack, zone(0), 'Balancer')[0]).toBe('unaffected');
  });

  test('takes a parameter without a value for the same wherever it stands', () => {
    const Equals = [{ Ref: 'Stage' }, { Ref: 'Stage' }];
    const stack = stackOf({ Database: ['RDS::DBInstance', { MultiAZ: { 'Fn::If': ['Same', true, false] } }] }, {
      Parameters: { Stage: { Type: 'String' } }, Conditions: { Same: { 'Fn::Equals': Equals } },
    });
    expect(verdict(stack, zone(0), 'Database')[0]).toBe('interrupted');
  });

  test('lists what users of the application see, and nothing else', () => {
    const record = (name: string, type: string, value: unknown, zoneId: unknown = 'Z1') =>
      ['Route53::RecordSet', { Name: name, Type: type, HostedZoneId: zoneId, ResourceRecords: [value] }] as const;
    const stack = stackOf({
      Server: ['EC2::Instance'],
      Address: ['EC2::EIP', { InstanceId: { Ref: 'Server' } }],
      Spare: ['EC2::EIP'],
      Nat: ['EC2::NatGateway', { AllocationId: { 'Fn::GetAtt': ['Spare', 'AllocationId'] } }],
      Public: ['ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' }],
      Internal: ['ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }],
      Inside: ['Route53::HostedZone', { VPCs: [{ VPCId: 'vpc-1' }] }],
      Name: record('shop.example.com', 'A', { Ref: 'Address' }),
      NameAgain: ['Route53::RecordSet', { Name: 'shop.example.com', Type: 'A', SetIdentifier: '2', ResourceRecords: [{ Ref: 'Address' }] }],
      Mail: record('example.com', 'MX', { Ref: 'Address' }),
      Elsewhere: record('docs.example.com', 'CNAME', 'example.org'),
      InsideName: record('db.internal', 'A', { Ref: 'Address' }, { Ref: 'Inside' }),
      Queue: ['SQS::Queue'],
      Consumer: ['Lambda::EventSourceMapping', { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Function' }, DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Failed', 'Arn'] } } } }],
      Function: ['Lambda::Function'],
      Failed: ['SQS::Queue'],
      Unread: ['SQS::Queue'],
      Api: ['ApiGateway::RestApi'],
    });
    expect(simulationOf(stack).services.map(({ logicalId }) => logicalId)).toEqual(['Address', 'Public', 'Name', 'Queue', 'Api']);
  });

  test('knows that the address of a member of a cluster does not move', () => {
    const stack = stackOf({
      ...subnets,
      Group: ['RDS::DBSubnetGroup', { SubnetIds: both }],
      Cluster: ['RDS::DBCluster', { Engine: 'aurora-mysql', DBSubnetGroupName: { Ref: 'Group' } }],
      One: ['RDS::DBInstance', { DBClusterIdentifier: { Ref: 'Cluster' }, AvailabilityZone: `${REGION}a` }],
      Two: ['RDS::DBInstance', { DBClusterIdentifier: { Ref: 'Cluster' }, AvailabilityZone: `${REGION}b` }],
      Moves: ['Lambda::Function', { Environment: { Variables: { HOST: { 'Fn::GetAtt': ['Cluster', 'Endpoint.Address'] } } } }],
      Stays: ['Lambda::Function', { Environment: { Variables: { HOST: { 'Fn::GetAtt': ['One', 'Endpoint.Address'] } } } }],
    });
    expect(verdict(stack, zone(0), 'Moves').slice(0, 2)).toEqual(['interrupted', 'unaffected']);
    expect(verdict(stack, zone(0), 'Stays')[0]).toBe('lost');
    expect(verdict(stack, zone(1), 'Stays')[0]).toBe('unaffected');
  });

  test('knows that who may receive from a queue has to reach it', () => {
    const table = (id: string) => [
      [`${id}Table`, ['EC2::RouteTable']],
      [`${id}Route`, ['EC2::Route', { RouteTableId: { Ref: `${id}Table` }, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: { Ref: 'Nat' } }]],
      [`${id}Association`, ['EC2::SubnetRouteTableAssociation', { SubnetId: { Ref: id }, RouteTableId: { Ref: `${id}Table` } }]],
    ] as const;
    const stack = stackOf({
      ...subnets,
      ...Object.fromEntries([...table('A'), ...table('B')]),
      Nat: ['EC2::NatGateway', { SubnetId: { Ref: 'A' } }],
      Queue: ['SQS::Queue'],
      Role: ['IAM::Role', { Policies: [{ PolicyDocument: { Statement: [{ Action: ['sqs:ReceiveMessage'], Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } }] } }] }],
      Profile: ['IAM::InstanceProfile', { Roles: [{ Ref: 'Role' }] }],
      Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { IamInstanceProfile: { Arn: { 'Fn::GetAtt': ['Profile', 'Arn'] } } } }],
      Workers: ['AutoScaling::AutoScalingGroup', { MinSize: 2, VPCZoneIdentifier: both, LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } } }],
      Others: ['AutoScaling::AutoScalingGroup', { MinSize: 2, VPCZoneIdentifier: both }],
    });
    expect(verdict(stack, zone(0), 'Workers')[0]).toBe('lost');
    expect(verdict(stack, zone(0), 'Queue')[0]).toBe('lost');
    expect(verdict(stack, zone(0), 'Others')[0]).toBe('degraded');
  });

  test.each<[string, object[], string]>([
    ['on Fargate', [{ CapacityProvider: 'FARGATE' }, { CapacityProvider: 'FARGATE_SPOT' }], 'degraded'],
    ['on what is not shown', [{ CapacityProvider: 'FARGATE' }, { CapacityProvider: 'mine' }], 'unknown'],
  ])('finds the tasks of a strategy %s', (_, CapacityProviderStrategy, atOnce) => {
    const stack = stackOf({
      ...subnets,
      Service: ['ECS::Service', { DesiredCount: 2, CapacityProviderStrategy, NetworkConfiguration: { AwsvpcConfiguration: { Subnets: both } } }],
    });
    expect(verdict(stack, zone(0), 'Service')[0]).toBe(atOnce);
  });

  test('stops a node without balancing across zones with the whole of its fleet', () => {
    const stack = stackOf({
      ...subnets,
      Address: ['EC2::EIP'],
      Balancer: ['ElasticLoadBalancingV2::LoadBalancer', {
        Type: 'network', SubnetMappings: [{ SubnetId: { Ref: 'A' }, AllocationId: { 'Fn::GetAtt': ['Address', 'AllocationId'] } }, { SubnetId: { Ref: 'B' } }],
      }],
      Targets: ['ElasticLoadBalancingV2::TargetGroup', { Protocol: 'TCP' }],
      Listener: ['ElasticLoadBalancingV2::Listener', { LoadBalancerArn: { Ref: 'Balancer' }, DefaultActions: [{ TargetGroupArn: { Ref: 'Targets' } }] }],
      Database: ['RDS::DBInstance', { AvailabilityZone: `${REGION}b` }],
      Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { UserData: { 'Fn::Base64': { 'Fn::Sub': 'echo ${Database.Endpoint.Address} > /etc/db' } } } }],
      Fleet: ['AutoScaling::AutoScalingGroup', {
        MinSize: 2, VPCZoneIdentifier: both, LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } }, TargetGroupARNs: [{ Ref: 'Targets' }],
      }],
      Name: ['Route53::RecordSet', { Name: 'mail.example.com', Type: 'A', ResourceRecords: [{ Ref: 'Address' }] }],
    });
    expect(verdict(stack, zone(1), 'Name')[0]).toBe('lost');
    const { Database: _database, ...without } = stack.template.Resources ?? {};
    const alone = { ...stack, template: { Resources: { ...without, Template: { Type: 'AWS::EC2::LaunchTemplate' } } } };
    expect(verdict(alone, zone(1), 'Name')[0]).toBe('unaffected');
  });

  test('follows names that a record of the templates has', () => {
    const stack = stackOf({
      Server: ['EC2::Instance', { AvailabilityZone: `${REGION}a` }],
      Origin: ['Route53::RecordSet', { Name: 'origin.example.com.', Type: 'A', ResourceRecords: [{ 'Fn::GetAtt': ['Server', 'PublicIp'] }] }],
      Alias: ['Route53::RecordSet', { Name: 'www.example.com', Type: 'CNAME', ResourceRecords: ['origin.example.com'] }],
      Site: ['CloudFront::Distribution', { DistributionConfig: { Origins: [{ Id: 'o', DomainName: 'origin.example.com' }] } }],
    });
    expect([verdict(stack, zone(0), 'Alias')[0], verdict(stack, zone(0), 'Site')[0]]).toEqual(['lost', 'lost']);
    expect(verdict(stack, instanceOf('Server'), 'Site')[0]).toBe('lost');
  });

  test('follows addresses and names that are written down under the fault of one component, too', () => {
    const stack = stackOf({
      Stock: ['EC2::Instance', { AvailabilityZone: `${REGION}a`, PrivateIpAddress: '10.0.0.10' }],
      Name: ['Route53::RecordSet', { Name: 'Stock.corp.internal', Type: 'A', ResourceRecords: [{ 'Fn::GetAtt': ['Stock', 'PrivateIp'] }] }],
      Shop: ['EC2::Instance', { AvailabilityZone: `${REGION}b`, UserData: { 'Fn::Base64': 'echo http://stock.corp.internal > /etc/stock' } }],
      Targets: ['ElasticLoadBalancingV2::TargetGroup', { TargetType: 'ip', Targets: [{ Id: '10.0.0.10' }] }],
    });
    expect([verdict(stack, instanceOf('Stock'), 'Shop')[0], verdict(stack, instanceOf('Stock'), 'Targets')[0]]).toEqual(['lost', 'lost']);
  });

  test('takes a function with an empty list of subnets for one without a network', () => {
    const stack = stackOf({ Function: ['Lambda::Function', { VpcConfig: { SubnetIds: [] } }] });
    expect(verdict(stack, zone(0), 'Function')[0]).toBe('unaffected');
  });

  test('keeps the chain short: one step for each thing that is needed', () => {
    const stack = stackOf({
      ...subnets,
      Group: ['EC2::SecurityGroup'],
      Inner: ['EC2::SecurityGroup', { SecurityGroupIngress: [{ FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] } }] }],
      Database: ['RDS::DBInstance', { Engine: 'postgres', AvailabilityZone: `${REGION}a`, VPCSecurityGroups: [{ 'Fn::GetAtt': ['Inner', 'GroupId'] }] }],
      Server: ['EC2::Instance', {
        SubnetId: { Ref: 'B' },
        SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }],
        UserData: { 'Fn::Base64': { 'Fn::Sub': 'echo ${Database.Endpoint.Address} >> /etc/app.env' } },
      }],
    });
    const chain = simulationOf(stack).under(zone(0)).get('Stack/Server')?.chain.map(({ what, certain }) => [what, certain]);
    expect(chain).toEqual([['Stack/Database has no standby, and stands in the lost zone', true], ['Stack/Server needs Stack/Database', true]]);
  });

  describe('reads', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'templates-'));
    const write = (file: string, text: string) => {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), text);
    };

    afterAll(() => fs.rmSync(folder, { recursive: true }));

    test('nested templates that lie where the end of their address says', () => {
      write('infrastructure/vpc.yaml', "Resources: {Subnet: {Type: 'AWS::EC2::Subnet', Properties: {AvailabilityZone: eu-west-1b}}}\nOutputs: {Id: {Value: !Ref Subnet}}");
      write('app/server.yaml', "Parameters: {Where: {Type: String}}\nResources: {Server: {Type: 'AWS::EC2::Instance', Properties: {SubnetId: !Ref Where}}}");
      write('master.yaml', [
        'Resources:',
        "  Vpc: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: https://s3.amazonaws.com/templates/infrastructure/vpc.yaml}}",
        "  App: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: !Sub 'https://${Bucket}/app/server.yaml', Parameters: {Where: !GetAtt Vpc.Outputs.Id}}}",
      ].join('\n'));
      const simulation = simulationOf(readStack(path.join(folder, 'master.yaml'), 'Stack', REGION));
      expect(simulation.under(zone(1)).get('Stack/App/Server')?.atOnce).toBe('lost');
      expect(simulation.under(zone(0)).get('Stack/App/Server')?.atOnce).toBe('unaffected');
    });

    test('tags of other tools as what it does not know, by name', () => {
      write('rain.yaml', "Resources:\n  Disk: {Type: 'AWS::EC2::Volume', Properties: {AvailabilityZone: !Rain::Zone first}}");
      const world = new World([readStack(path.join(folder, 'rain.yaml'), 'Stack', REGION)]);
      expect(world.unread).toEqual([{ where: 'Stack', why: 'Fn::Rain::Zone is carried out at deployment' }]);
      expect(new Simulation(world).under(zone(0)).get('Stack/Disk')?.atOnce).toBe('unknown');
    });

    test('YAML that says something twice, as CloudFormation does', () => {
      write('twice.yaml', "Resources:\n  Disk: {Type: 'AWS::EC2::Volume', Properties: {AvailabilityZone: eu-west-1a, Size: 1, Size: 2}}");
      expect(simulationOf(readStack(path.join(folder, 'twice.yaml'), 'Stack', REGION)).under(zone(0)).get('Stack/Disk')?.atOnce).toBe('lost');
    });
  });
});
