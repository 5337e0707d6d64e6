import { Case, corpus } from './corpus';
import { Changeable, idOf, simulationOf, templateOf } from './template-of';
import { Fault, zoneFault } from '../../src/fault-simulation/faults';
import { Simulation } from '../../src/fault-simulation/simulation';
import { StackInput, World } from '../../src/fault-simulation/template/world';

const REGION = 'eu-west-1';
const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const DATABASE = 'AWS::RDS::DBInstance';
const RECORD = 'AWS::Route53::RecordSet';
const WEB_TIER = 'MultiAzWebTier by public HTTPS';
const FLEET = 'SqsWorkerFleet';

type Change = (template: Changeable) => void;

const resourcesOf = ({ resources }: Changeable, type: string) => Object.values(resources).filter(({ Type }) => Type === type);
const each = (type: string, change: (properties: Record<string, unknown>) => void): Change => template =>
  resourcesOf(template, type).forEach(({ Properties }) => change(Properties));
const remove = (type: string): Change => template => {
  for (const [id, { Type }] of Object.entries(template.resources)) {
    if (Type === type) { delete template.resources[id]; }
  }
};

/** What weakens a template in one point, with a fault under which it has to be seen. */
interface Operator {
  readonly name: string;
  readonly subject: string;
  readonly change: Change;
  readonly under: (template: Changeable) => Fault;
}

const operators: readonly Operator[] = [
  { name: 'drop two zones of a group', subject: WEB_TIER, under: zone(0), change: each(GROUP, group => { keep(group, 'VPCZoneIdentifier', 1); }) },
  { name: 'drop a zone of a group', subject: WEB_TIER, under: zone(0), change: each(GROUP, group => { keep(group, 'VPCZoneIdentifier', 2); }) },
  {
    name: 'put all subnets into one zone',
    subject: WEB_TIER,
    under: zone(0),
    change: each('AWS::EC2::Subnet', subnet => { subnet.AvailabilityZone = 'eu-west-1a'; }),
  },
  {
    name: 'drop two zones of a load balancer',
    subject: WEB_TIER,
    under: zone(0),
    change: each('AWS::ElasticLoadBalancingV2::LoadBalancer', balancer => { keep(balancer, 'Subnets', 1); }),
  },
  { name: 'shrink a group to one', subject: WEB_TIER, under: zone(0), change: each(GROUP, group => { group.MinSize = '1'; }) },
  {
    name: 'shrink a group to one, and lose an instance',
    subject: WEB_TIER,
    under: of('instance', GROUP),
    change: each(GROUP, group => { group.MinSize = '1'; }),
  },
  {
    name: 'launch in the lost zone only',
    subject: WEB_TIER,
    under: zone(0),
    change: each(GROUP, group => { group.AvailabilityZoneDistribution = { CapacityDistributionStrategy: 'balanced-only' }; }),
  },
  {
    name: 'hold launches back without end',
    subject: WEB_TIER,
    under: zone(0),
    change: each(GROUP, group => { group.LifecycleHookSpecificationList = [{ LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING' }]; }),
  },
  {
    name: 'boot through the NAT of one zone',
    subject: WEB_TIER,
    under: zone(0),
    change: template => {
      shareNat(template);
      userData(template, '#!/bin/bash\ndnf install -y httpd\n');
    },
  },
  {
    name: 'need the internet through the NAT of one zone',
    subject: WEB_TIER,
    under: zone(0),
    change: template => {
      shareNat(template);
      userData(template, '#!/bin/bash\necho PAYMENTS=https://payments.example.com >> /etc/app.env\n');
    },
  },
  {
    name: 'need the internet through one NAT, and lose that',
    subject: WEB_TIER,
    change: template => {
      shareNat(template);
      userData(template, '#!/bin/bash\necho PAYMENTS=https://payments.example.com >> /etc/app.env\n');
    },
    under: template => ({ kind: 'nat', of: `${template.name}/${firstNat(template)}` }),
  },
  {
    name: 'mount a file system of one zone',
    subject: WEB_TIER,
    under: zone(0),
    change: template => {
      template.resources.Files = { Type: 'AWS::EFS::FileSystem', Properties: { AvailabilityZoneName: 'eu-west-1a' } };
      userData(template, { 'Fn::Sub': '#!/bin/bash\nmount -t efs -o az=eu-west-1a ${Files}:/ /data\n' });
    },
  },
  {
    name: 'attach a volume of one zone',
    subject: WEB_TIER,
    under: zone(0),
    change: template => {
      template.resources.Disk = { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: 'eu-west-1a', Size: 8 } };
      userData(template, { 'Fn::Sub': '#!/bin/bash\naws ec2 attach-volume --volume-id ${Disk}\n' });
    },
  },
  { name: 'turn the standby off', subject: 'RdsMultiAz with PostgreSQL', under: zone(0), change: each(DATABASE, database => { database.MultiAZ = 'false'; }) },
  {
    name: 'leave the standby to a parameter',
    subject: 'RdsMultiAz with PostgreSQL',
    under: zone(0),
    change: each(DATABASE, database => { database.MultiAZ = { Ref: 'Missing' }; }),
  },
  {
    name: 'put the database into one zone',
    subject: 'RdsMultiAz with PostgreSQL',
    under: zone(0),
    change: each(DATABASE, database => {
      delete database.MultiAZ;
      database.AvailabilityZone = 'eu-west-1a';
    }),
  },
  {
    name: 'let the database be deleted',
    subject: 'RdsMultiAz with PostgreSQL',
    under: of('operator-deletes', DATABASE),
    change: each(DATABASE, database => { delete database.DeletionProtection; }),
  },
  { name: 'keep no backups', subject: 'RdsMultiAz with PostgreSQL', under: of('bad-data', DATABASE), change: each(DATABASE, database => { database.BackupRetentionPeriod = 0; }) },
  {
    name: 'take the health check and the evaluation away',
    subject: 'S3StaticFailover by CloudFront',
    under: of('dns-primary', RECORD, 'FailoverPrimary'),
    change: template => {
      const { Properties: record } = template.resources[idOf(template, RECORD, 'FailoverPrimary')];
      delete record.HealthCheckId;
      (record.AliasTarget as Record<string, unknown>).EvaluateTargetHealth = false;
    },
  },
  {
    name: 'take the secondary away',
    subject: 'S3StaticFailover by CloudFront',
    under: of('dns-primary', RECORD, 'FailoverPrimary'),
    change: template => { delete template.resources[idOf(template, RECORD, 'FailoverSecondary')]; },
  },
  {
    name: 'fail over to a website without HTTPS',
    subject: 'S3StaticFailover by CloudFront',
    under: of('dns-primary', RECORD, 'FailoverPrimary'),
    change: template => {
      const { Properties: record } = template.resources[idOf(template, RECORD, 'FailoverSecondary')];
      record.AliasTarget = { DNSName: 's3-website-eu-west-1.amazonaws.com', HostedZoneId: 'Z1BKCTXD74EZPE', EvaluateTargetHealth: true };
    },
  },
  { name: 'pin the workers', subject: FLEET, under: zone(0), change: each(GROUP, group => { keep(group, 'VPCZoneIdentifier', 1); }) },
  {
    name: 'forget messages within a minute',
    subject: FLEET,
    under: template => ({ kind: 'pair', faults: [0, 1, 2].map(index => zone(index)(template)) }),
    change: each('AWS::SQS::Queue', queue => { queue.MessageRetentionPeriod = 60; }),
  },
  {
    name: 'drop the tag of a volume',
    subject: 'EbsSnapshotPolicy of a volume and of all volumes of a launch template',
    under: of('volume', 'AWS::EC2::Volume'),
    change: each('AWS::EC2::Volume', volume => { volume.Tags = []; }),
  },
  {
    name: 'switch the snapshots off',
    subject: 'EbsSnapshotPolicy of a volume and of all volumes of a launch template',
    under: of('volume', 'AWS::EC2::Volume'),
    change: each('AWS::DLM::LifecyclePolicy', policy => { policy.State = 'DISABLED'; }),
  },
  {
    name: 'delete the table with its stack',
    subject: 'SessionTable',
    under: () => ({ kind: 'stack-deleted' }),
    change: template => {
      const table = template.resources[idOf(template, 'AWS::DynamoDB::GlobalTable')] as { DeletionPolicy?: string; Properties: Record<string, unknown> };
      delete table.DeletionPolicy;
      table.Properties.Replicas = [{ Region: REGION }];
    },
  },
];

/** What changes a template and not what it comes to: it must stay silent. */
const equivalent: readonly { readonly name: string; readonly subject: string; readonly change: (template: Changeable) => StackInput[] | void }[] = [
  {
    name: 'numbers and booleans as strings',
    subject: 'RdsMultiAz with PostgreSQL',
    change: each(DATABASE, database => {
      database.MultiAZ = 'True';
      database.BackupRetentionPeriod = '14';
    }),
  },
  {
    name: 'zones by index',
    subject: WEB_TIER,
    change: each('AWS::EC2::Subnet', subnet => {
      subnet.AvailabilityZone = { 'Fn::Select': [String(subnet.AvailabilityZone).charCodeAt(9) - 97, { 'Fn::GetAZs': '' }] };
    }),
  },
  {
    name: 'the resources the other way round',
    subject: 'ThreeTierSite',
    change: template => {
      const reversed = Object.entries(template.resources).reverse();
      reversed.forEach(([id]) => delete template.resources[id]);
      reversed.forEach(([id, resource]) => { template.resources[id] = resource; });
    },
  },
  {
    name: 'a NAT gateway for the whole Region',
    subject: WEB_TIER,
    change: template => {
      const nat = firstNat(template);
      shareNat(template);
      template.resources[nat].Properties = { AvailabilityMode: 'regional', VpcId: 'vpc-1' };
      userData(template, '#!/bin/bash\ndnf install -y httpd\n');
    },
  },
  { name: 'metrics and alarms gone', subject: WEB_TIER, change: remove('AWS::CloudWatch::Alarm') },
  { name: 'the network in a nested stack', subject: WEB_TIER, change: template => [nested(template)] },
  { name: 'the network in a stack of its own', subject: WEB_TIER, change: template => split(template) },
];

function zone(index: number): (template: Changeable) => Fault {
  return () => zoneFault(REGION, index);
}

function of(kind: 'instance' | 'operator-deletes' | 'bad-data' | 'dns-primary' | 'volume', type: string, begin?: string): (template: Changeable) => Fault {
  return template => ({ kind, of: `${template.name}/${idOf(template, type, begin)}` });
}

function keep(properties: Record<string, unknown>, list: string, count: number): void {
  properties[list] = (properties[list] as unknown[]).slice(0, count);
}

function firstNat({ resources }: Changeable): string {
  return Object.keys(resources).find(id => resources[id].Type === 'AWS::EC2::NatGateway') ?? '';
}

function shareNat(template: Changeable): void {
  each('AWS::EC2::Route', route => { if (route.NatGatewayId) { route.NatGatewayId = { Ref: firstNat(template) }; } })(template);
}

function userData(template: Changeable, text: unknown): void {
  each('AWS::EC2::LaunchTemplate', ({ LaunchTemplateData: data }) => { (data as Record<string, unknown>).UserData = { 'Fn::Base64': text }; })(template);
}

const IN_NETWORK = /^AWS::EC2::(VPC|Subnet|Route|RouteTable|SubnetRouteTableAssociation|InternetGateway|VPCGatewayAttachment|NatGateway|EIP)$/;

/** The ids that the rest of the template refers to, as attributes of what is apart. */
function apart(template: Changeable, refer: (id: string) => unknown) {
  const inside = new Set(Object.keys(template.resources).filter(id => IN_NETWORK.test(template.resources[id].Type)));
  const rewritten = JSON.parse(JSON.stringify(template.resources), (_, value) =>
    value && typeof value === 'object' && Object.keys(value).length === 1 && inside.has(value.Ref) ? refer(value.Ref) : value) as Changeable['resources'];
  const pick = (resources: Changeable['resources'], wanted: boolean) => Object.fromEntries(Object.entries(resources)
    .filter(([id]) => inside.has(id) === wanted)
    .map(([id, { DependsOn: _dependsOn, ...resource }]) => [id, resource]));
  return { network: pick(template.resources, true), rest: pick(rewritten, false), inside };
}

function nested(template: Changeable): StackInput {
  const { network, rest, inside } = apart(template, id => ({ 'Fn::GetAtt': ['Network', `Outputs.${id}`] }));
  const outputs = Object.fromEntries([...inside].map(id => [id, { Value: { Ref: id } }]));
  return {
    name: template.name,
    region: REGION,
    template: { ...template.template, Resources: { ...rest, Network: { Type: 'AWS::CloudFormation::Stack' } } },
    nested: { Network: { template: { Resources: network, Outputs: outputs } } },
  };
}

function split(template: Changeable): StackInput[] {
  const { network, rest, inside } = apart(template, id => ({ 'Fn::ImportValue': `Network:${id}` }));
  const outputs = Object.fromEntries([...inside].map(id => [id, { Value: { Ref: id }, Export: { Name: `Network:${id}` } }]));
  return [
    { name: template.name, region: REGION, template: { ...template.template, Resources: rest } },
    { name: 'Network', region: REGION, template: { Resources: network, Outputs: outputs } },
  ];
}

const RANK = ['unknown', 'lost', 'interrupted', 'degraded', 'unaffected'];

/** Every verdict of a template under a fault, as one comparable text for each component. */
function verdicts(inputs: StackInput[], fault: Fault): Map<string, { rank: number; text: string }> {
  return new Map([...simulationOf(...inputs).under(fault)].map(([key, { atOnce, afterRecovery, capacityLeft, recoverySeconds, data }]) => [key, {
    rank: RANK.indexOf(atOnce) + RANK.indexOf(afterRecovery) / 10 + (capacityLeft ?? 0) / 100,
    text: JSON.stringify([atOnce, afterRecovery, capacityLeft, recoverySeconds, data]),
  }]));
}

/** Components of which the verdict is not the same; `worse` of them, and `better`. */
function differences(before: ReturnType<typeof verdicts>, after: ReturnType<typeof verdicts>) {
  const changed = [...before].filter(([key, { text }]) => after.has(key) && after.get(key)?.text !== text).map(([key]) => key);
  return { changed, better: changed.filter(key => (after.get(key)?.rank ?? 0) > (before.get(key)?.rank ?? 0)) };
}

describe('a template that is weakened in one point', () => {
  test.each(operators)('is seen to be: $name', ({ subject, change, under }) => {
    const clean = templateOf(subject);
    const mutant = templateOf(subject);
    change(mutant);
    const { changed, better } = differences(verdicts([clean], under(clean)), verdicts([mutant], under(mutant)));
    expect(changed.length).toBeGreaterThan(0);
    // what went to one zone is better off when another one is lost, so only the zone itself is asked
    expect(better).toEqual([]);
  });
});

describe('a template that is written otherwise', () => {
  test.each(equivalent)('comes to the same: $name', ({ subject, change }) => {
    for (const index of [0, 1, 2]) {
      const clean = templateOf(subject);
      const other = templateOf(subject);
      const inputs = change(other) ?? [other];
      const { changed } = differences(verdicts([clean], zoneFault(REGION, index)), verdicts(inputs, zoneFault(REGION, index)));
      expect(changed.filter(key => !/NAT|EIP|Network/.test(key))).toEqual([]);
    }
  });
});

/** What weakens anybody's template, wherever there is such a thing in it; it says whether there was. */
const anywhere: readonly { readonly name: string; readonly change: (resources: Others) => boolean }[] = [
  { name: 'no standby', change: weaken(DATABASE, ({ MultiAZ }) => String(MultiAZ) === 'true', database => { database.MultiAZ = false; }) },
  { name: 'one subnet for a group', change: weaken(GROUP, group => listOf(group.VPCZoneIdentifier).length > 1, group => { keep(group, 'VPCZoneIdentifier', 1); }) },
  {
    name: 'one subnet for a function',
    change: weaken('AWS::Lambda::Function', ({ VpcConfig: vpc }) => listOf((vpc as Shape)?.SubnetIds).length > 1, ({ VpcConfig: vpc }) => { keep(vpc as Shape, 'SubnetIds', 1); }),
  },
  {
    name: 'one subnet for tasks',
    change: weaken('AWS::ECS::Service', service => listOf(networkOf(service)?.Subnets).length > 1, service => { keep(networkOf(service) ?? {}, 'Subnets', 1); }),
  },
  {
    name: 'one subnet for a balancer',
    change: weaken('AWS::ElasticLoadBalancingV2::LoadBalancer', ({ Subnets }) => listOf(Subnets).length > 1, balancer => { keep(balancer, 'Subnets', 1); }),
  },
  {
    name: 'one subnet for an endpoint',
    change: weaken('AWS::EC2::VPCEndpoint', ({ SubnetIds }) => listOf(SubnetIds).length > 1, endpoint => { keep(endpoint, 'SubnetIds', 1); }),
  },
  {
    name: 'no automatic failover of a cache',
    change: weaken('AWS::ElastiCache::ReplicationGroup', cache => String(cache.AutomaticFailoverEnabled) === 'true', cache => { cache.AutomaticFailoverEnabled = false; }),
  },
  {
    name: 'a file system of one zone',
    change: weaken('AWS::EFS::FileSystem', ({ AvailabilityZoneName }) => !AvailabilityZoneName, files => { files.AvailabilityZoneName = `${REGION}a`; }),
  },
  {
    name: 'no health check of a primary',
    change: weaken(RECORD, ({ Failover }) => Failover === 'PRIMARY', record => {
      delete record.HealthCheckId;
      if (record.AliasTarget) { (record.AliasTarget as Shape).EvaluateTargetHealth = false; }
    }),
  },
  { name: 'a group of one', change: weaken(GROUP, group => Number(group.MinSize) > 1, group => { group.MinSize = '1'; delete group.DesiredCapacity; }) },
  {
    name: 'launches in the lost zone only',
    change: weaken(GROUP, group => listOf(group.VPCZoneIdentifier).length > 1, group => {
      group.AvailabilityZoneDistribution = { CapacityDistributionStrategy: 'balanced-only' };
    }),
  },
  {
    name: 'all subnets in one zone',
    change: resources => Object.values(resources).every(({ Type, Properties }) => Type === 'AWS::EC2::Subnet' || !Properties?.AvailabilityZone)
      && weaken('AWS::EC2::Subnet', () => true, subnet => { subnet.AvailabilityZone = `${REGION}a`; })(resources),
  },
];

type Shape = Record<string, unknown>;
type Others = Readonly<Record<string, { readonly Type: string; readonly Properties?: Shape }>>;

function networkOf(service: Shape): Shape | undefined {
  return (service.NetworkConfiguration as { AwsvpcConfiguration?: Shape } | undefined)?.AwsvpcConfiguration;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function weaken(type: string, applies: (properties: Shape) => boolean, change: (properties: Shape) => void): (resources: Others) => boolean {
  return resources => {
    const found = Object.values(resources).filter(resource => resource.Type === type && resource.Properties && applies(resource.Properties));
    found.forEach(({ Properties }) => change(Properties ?? {}));
    return found.length > 0;
  };
}

/** How each component stands without each of the zones, an instance of each group, the host of each store, and the target of each name. */
function ranksOf({ facts }: Case, stacks: readonly StackInput[]): ReadonlyMap<string, number>[] {
  const world = new World(stacks);
  const simulation = new Simulation(world, facts);
  const all = (kind: 'instance' | 'primary-host' | 'dns-primary', type: string) =>
    [...world.resources.values()].filter(resource => resource.type === type).map(({ key }): Fault => ({ kind, of: key }));
  const faults = [
    ...[0, 1, 2].map(index => zoneFault(REGION, index)), ...all('instance', GROUP), ...all('dns-primary', RECORD),
    ...all('primary-host', 'AWS::ElastiCache::ReplicationGroup'),
  ];
  return faults.map(fault => new Map([...simulation.under(fault)].map(([key, { atOnce, afterRecovery, capacityLeft }]) =>
    [key, RANK.indexOf(atOnce) + RANK.indexOf(afterRecovery) / 10 + (capacityLeft ?? 0) / 100])));
}

/** At its worst, whatever the fault. */
function worst(ranks: readonly ReadonlyMap<string, number>[], key: string): number {
  return Math.min(...ranks.map(rank => rank.get(key) ?? Infinity));
}

describe('the clean templates of others', () => {
  const clean = corpus().filter(({ planted, stacks }) => planted === 'none' && stacks.every(({ region }) => region === REGION));
  const copy = (stacks: readonly StackInput[]): StackInput[] => JSON.parse(JSON.stringify(stacks));
  const mutants = clean.flatMap(one => anywhere.flatMap(operator => {
    const changed = copy(one.stacks);
    const applied = changed.map(({ template }) => operator.change((template.Resources ?? {}) as Others)).includes(true);
    return applied ? [{ name: `${one.name}: ${operator.name}`, one, changed }] : [];
  }));

  test('are seen to be weakened, and never to be better for it', () => {
    const judged = mutants.map(({ name, one, changed }) => {
      const [before, after] = [ranksOf(one, one.stacks), ranksOf(one, changed)];
      const keys = [...before[0].keys()].filter(key => after[0].has(key));
      return {
        name,
        seen: before.some((ranks, index) => keys.some(key => (after[index].get(key) ?? 0) < (ranks.get(key) ?? 0))),
        // what goes to one zone is better off when another one is lost, so it is asked for the worst
        better: keys.filter(key => worst(after, key) > worst(before, key)),
      };
    });
    const missed = judged.filter(({ seen }) => !seen).map(({ name }) => name);
    process.stdout.write(`mutants of the templates of others: ${judged.length - missed.length} of ${judged.length} seen; not seen: ${missed.join('; ') || 'none'}\n`);
    expect(judged.filter(({ better }) => better.length > 0)).toEqual([]);
    expect(1 - missed.length / judged.length).toBeGreaterThanOrEqual(0.95);
  });

  test('come to the same in another order, and with strings in the place of numbers and booleans', () => {
    const rewrite = (value: unknown): unknown => {
      if (typeof value === 'number' || typeof value === 'boolean') { return String(value); }
      if (Array.isArray(value)) { return value.map(rewrite); }
      return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).reverse().map(([name, inner]) => [name, rewrite(inner)])) : value;
    };
    const alarms = clean.filter(one => {
      const other = one.stacks.map(({ template, ...stack }): StackInput =>
        ({ ...stack, template: { ...template, Resources: rewrite(template.Resources) as typeof template.Resources } }));
      const [before, after] = [ranksOf(one, one.stacks), ranksOf(one, other)];
      return [...before[0].keys()].some(key => worst(after, key) !== worst(before, key));
    });
    process.stdout.write(`equal templates of others, written otherwise: ${clean.length - alarms.length} of ${clean.length} silent\n`);
    expect(alarms.map(({ name }) => name)).toEqual([]);
  });
});
