import { Changeable, idOf, simulationOf, templateOf } from './template-of';
import { Fault, zoneFault } from '../../src/fault-simulation/faults';
import { Verdict } from '../../src/fault-simulation/simulation';

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const DATABASE = 'AWS::RDS::DBInstance';
const QUEUE = 'AWS::SQS::Queue';
const RECORD = 'AWS::Route53::RecordSet';
const TABLE = 'AWS::DynamoDB::GlobalTable';
const VOLUME = 'AWS::EC2::Volume';
const NAT = 'AWS::EC2::NatGateway';

/** What a construct says that it survives, and what is then asked for. */
interface Promise_ {
  readonly subject: string;
  readonly survives: string;
  readonly component: readonly [type: string, begin?: string];
  readonly fault: (template: Changeable) => Fault;
  readonly promised: Partial<Verdict>;
  /** Takes the redundancy away. */
  readonly without: (template: Changeable) => void;
  readonly then: Partial<Verdict>;
}

/** What a resource has beside its properties. */
interface UpdatePolicied {
  readonly UpdatePolicy: { readonly AutoScalingInstanceRefresh: { readonly Preferences: Record<string, unknown> } };
}

const zone = (index: number) => () => zoneFault('eu-west-1', index);
const of = (kind: Exclude<Fault['kind'], 'zone' | 'region' | 'pair' | 'stack-deleted'>, type: string, begin?: string) =>
  (template: Changeable): Fault => ({ kind, of: `${template.name}/${idOf(template, type, begin)}` });

const inOneSubnet = (type: string) => (template: Changeable) => {
  const { Properties: properties } = template.resources[idOf(template, type)];
  properties.VPCZoneIdentifier = (properties.VPCZoneIdentifier as unknown[]).slice(0, 1);
};

const set = (type: string, changes: Record<string, unknown>, begin?: string) => (template: Changeable) => {
  Object.assign(template.resources[idOf(template, type, begin)].Properties, changes);
};

const GONE: Partial<Verdict> = { atOnce: 'lost', afterRecovery: 'lost' };

const promises: readonly Promise_[] = [
  {
    subject: 'MultiAzWebTier by public HTTPS',
    survives: 'a zone, with what is needed at once',
    component: [BALANCER],
    fault: zone(0),
    promised: { atOnce: 'degraded', afterRecovery: 'unaffected', capacityLeft: 4 / 6 },
    without: inOneSubnet(GROUP),
    then: GONE,
  },
  {
    subject: 'MultiAzWebTier by public HTTPS',
    survives: 'an instance',
    component: [BALANCER],
    fault: of('instance', GROUP),
    promised: { atOnce: 'degraded', afterRecovery: 'unaffected', capacityLeft: 5 / 6 },
    without: set(GROUP, { MinSize: '1' }),
    then: { atOnce: 'interrupted' },
  },
  {
    subject: 'MultiAzWebTier by public HTTPS',
    survives: 'a bad version: the old one goes only when the new one is well',
    component: [BALANCER],
    fault: of('bad-version', GROUP),
    promised: { atOnce: 'unaffected', afterRecovery: 'unaffected' },
    // by the status checks of EC2 alone every instance ends with the bad version
    without: template => {
      const group = template.resources[idOf(template, GROUP)];
      group.Properties.HealthCheckType = 'EC2';
      delete (group as unknown as UpdatePolicied).UpdatePolicy.AutoScalingInstanceRefresh.Preferences.AlarmSpecification;
    },
    then: { atOnce: 'lost' },
  },
  {
    subject: 'MultiAzWebTier by public HTTPS',
    survives: 'a bad version with all that is needed in service',
    component: [BALANCER],
    fault: of('bad-version', GROUP),
    promised: { atOnce: 'unaffected' },
    without: template => {
      const group = template.resources[idOf(template, GROUP)];
      (group as unknown as UpdatePolicied).UpdatePolicy.AutoScalingInstanceRefresh.Preferences.MinHealthyPercentage = 50;
    },
    then: { atOnce: 'degraded', capacityLeft: 0.5 },
  },
  {
    subject: 'MultiAzWebTier with a group in each zone',
    survives: 'a zone, with what is needed at once',
    component: [BALANCER],
    fault: zone(0),
    promised: { atOnce: 'degraded', capacityLeft: 4 / 6, need: { met: true } as never },
    without: template => {
      for (const { Type, Properties } of Object.values(template.resources)) {
        if (Type === GROUP) { Properties.MinSize = '1'; }
      }
    },
    then: { capacityLeft: 2 / 3, need: { met: false } as never },
  },
  {
    subject: 'MultiAzWebTier by public TLS',
    survives: 'a zone, with what is needed at once',
    component: [BALANCER],
    fault: zone(0),
    promised: { atOnce: 'degraded', afterRecovery: 'unaffected', capacityLeft: 4 / 6 },
    without: inOneSubnet(GROUP),
    then: GONE,
  },
  {
    subject: 'MultiAzWebTier by internal TCP',
    survives: 'a zone, with each balancing for itself',
    component: [BALANCER],
    fault: zone(1),
    promised: { atOnce: 'degraded', afterRecovery: 'unaffected', capacityLeft: 4 / 6 },
    without: set(GROUP, { AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-only' } }),
    then: { atOnce: 'degraded', afterRecovery: 'degraded' },
  },
  {
    subject: 'MultiAzWebTier of bootstrapped instances of several types, Spot above the minimum',
    survives: 'a zone: the others get out for what a start fetches',
    component: [BALANCER],
    fault: zone(0),
    promised: { atOnce: 'degraded', afterRecovery: 'unaffected', capacityLeft: 4 / 6 },
    without: template => {
      const gateways = Object.keys(template.resources).filter(id => template.resources[id].Type === NAT);
      for (const { Type, Properties } of Object.values(template.resources)) {
        if (Type === 'AWS::EC2::Route' && Properties.NatGatewayId) { Properties.NatGatewayId = { Ref: gateways[0] }; }
      }
    },
    then: { afterRecovery: 'degraded' },
  },
  {
    subject: 'MultiAzWebTier by CloudFront',
    survives: 'a zone: viewers are answered',
    component: ['AWS::CloudFront::Distribution'],
    fault: zone(0),
    promised: { atOnce: 'degraded', afterRecovery: 'unaffected' },
    without: inOneSubnet(GROUP),
    then: { atOnce: 'lost' },
  },
  {
    subject: 'HaNatPerAz in an existing VPC',
    survives: 'a zone, of which the gateways of the others do not know',
    component: [NAT, 'VpcPublicSubnet2'],
    fault: zone(0),
    promised: { atOnce: 'unaffected', afterRecovery: 'unaffected' },
    without: template => {
      const [first] = Object.keys(template.resources).filter(id => template.resources[id].Type === NAT);
      template.resources[idOf(template, NAT, 'VpcPublicSubnet2')].Properties.SubnetId = template.resources[first].Properties.SubnetId;
    },
    then: GONE,
  },
  {
    subject: 'SqsWorkerFleet',
    survives: 'a zone: the work goes on with the workers of the others',
    component: [QUEUE, 'ResizingQueue'],
    fault: zone(1),
    promised: { atOnce: 'degraded', afterRecovery: 'unaffected', capacityLeft: 4 / 6, data: 'none' },
    without: inOneSubnet(GROUP),
    then: { atOnce: 'unaffected' },
  },
  {
    subject: 'SqsWorkerFleet',
    survives: 'the zone in which all of the workers would else be',
    component: [QUEUE, 'ResizingQueue'],
    fault: zone(0),
    promised: { atOnce: 'degraded', data: 'none' },
    without: inOneSubnet(GROUP),
    then: { ...GONE, data: 'none' },
  },
  {
    subject: 'SqsWorkerFleet with a runner',
    survives: 'a zone: the runners of the others work on, and those of the replacements start',
    component: [QUEUE, 'ResizingQueue'],
    fault: zone(1),
    promised: { atOnce: 'degraded', afterRecovery: 'unaffected', capacityLeft: 2 / 3, data: 'none' },
    without: inOneSubnet(GROUP),
    then: { atOnce: 'unaffected' },
  },
  {
    subject: 'SqsWorkerFleet that goes to nothing, on a FIFO queue, with all options',
    survives: 'the loss of its only worker, late',
    component: [QUEUE, 'ResizingQueue'],
    fault: of('instance', GROUP),
    promised: { atOnce: 'interrupted', afterRecovery: 'unaffected', data: 'none' },
    without: template => {
      for (const [id, { Type }] of Object.entries(template.resources)) {
        if (Type === 'AWS::AutoScaling::ScalingPolicy') { delete template.resources[id]; }
      }
    },
    then: { atOnce: 'unknown' },
  },
  {
    subject: 'RdsMultiAz with PostgreSQL',
    survives: 'a zone, after a failover, without the loss of data',
    component: [DATABASE],
    fault: zone(2),
    promised: { atOnce: 'interrupted', afterRecovery: 'unaffected', recoverySeconds: 120, data: 'none' },
    without: set(DATABASE, { MultiAZ: false }),
    then: { ...GONE, data: 'minutes' },
  },
  {
    subject: 'RdsMultiAz with PostgreSQL',
    survives: 'its host, as fast',
    component: [DATABASE],
    fault: of('primary-host', DATABASE),
    promised: { atOnce: 'interrupted', recoverySeconds: 120 },
    without: set(DATABASE, { MultiAZ: false }),
    then: { atOnce: 'interrupted', recoverySeconds: 1200 },
  },
  {
    subject: 'RdsMultiAz with PostgreSQL',
    survives: 'an operator who would delete it',
    component: [DATABASE],
    fault: of('operator-deletes', DATABASE),
    promised: { atOnce: 'unaffected' },
    without: set(DATABASE, { DeletionProtection: false }),
    then: { ...GONE, data: 'everything' },
  },
  {
    subject: 'SessionTable',
    survives: 'bad data, which are restored by hand',
    component: [TABLE],
    fault: of('bad-data', TABLE),
    promised: { ...GONE, data: 'minutes' },
    without: template => {
      const [replica] = template.resources[idOf(template, TABLE)].Properties.Replicas as Record<string, unknown>[];
      delete replica.PointInTimeRecoverySpecification;
    },
    then: { ...GONE, data: 'everything' },
  },
  {
    subject: 'SessionTable',
    survives: 'the deletion of its stack',
    component: [TABLE],
    fault: () => ({ kind: 'stack-deleted' }),
    promised: { atOnce: 'unaffected' },
    without: template => {
      const table = template.resources[idOf(template, TABLE)] as { DeletionPolicy?: string; Properties: Record<string, unknown> };
      table.DeletionPolicy = 'Delete';
      table.Properties.Replicas = [{ Region: 'eu-west-1' }];
    },
    then: { ...GONE, data: 'everything' },
  },
  {
    subject: 'EbsSnapshotPolicy of a volume and of all volumes of a launch template',
    survives: 'the loss of a volume, up to the last snapshot',
    component: [VOLUME],
    fault: of('volume', VOLUME),
    promised: { ...GONE, data: 'since-snapshot' },
    without: set(VOLUME, { Tags: [] }),
    then: { ...GONE, data: 'everything' },
  },
  {
    subject: 'S3StaticFailover by CloudFront',
    survives: 'the site',
    component: [RECORD, 'FailoverPrimary'],
    fault: of('dns-primary', RECORD, 'FailoverPrimary'),
    promised: { atOnce: 'interrupted', afterRecovery: 'unaffected', recoverySeconds: 90 },
    without: template => {
      const { Properties: properties } = template.resources[idOf(template, RECORD, 'FailoverPrimary')];
      delete properties.HealthCheckId;
      (properties.AliasTarget as Record<string, unknown>).EvaluateTargetHealth = false;
    },
    then: GONE,
  },
  {
    subject: 'ThreeTierSite',
    survives: 'a zone: the name is answered again within two minutes',
    component: [RECORD, 'SiteFailoverPrimary'],
    fault: zone(0),
    promised: { atOnce: 'interrupted', afterRecovery: 'unaffected', recoverySeconds: 90 },
    without: template => {
      for (const [id, resource] of Object.entries(template.resources)) {
        if (resource.Type === RECORD && id.includes('Secondary')) { delete template.resources[id]; }
        if (resource.Type === DATABASE) { resource.Properties.MultiAZ = false; }
      }
    },
    then: GONE,
  },
  {
    subject: 'QueueBackedService',
    survives: 'a zone: jobs are taken in and done',
    component: [QUEUE, 'ThumbnailsWorkersQueue'],
    fault: zone(0),
    promised: { atOnce: 'degraded', afterRecovery: 'unaffected', capacityLeft: 4 / 6, data: 'none' },
    without: template => {
      const { Properties: properties } = template.resources[idOf(template, GROUP, 'ThumbnailsWorkers')];
      properties.VPCZoneIdentifier = (properties.VPCZoneIdentifier as unknown[]).slice(0, 1);
    },
    then: GONE,
  },
];

function verdictOf(template: Changeable, { component: [type, begin], fault }: Promise_): Verdict | undefined {
  return simulationOf(template).under(fault(template)).get(`${template.name}/${idOf(template, type, begin)}`);
}

describe('what the constructs promise holds in the simulation, and fails with the redundancy taken away:', () => {
  test.each(promises.map(promise => [promise.subject, promise.survives, promise] as const))('%s survives %s', (_, __, promise) => {
    expect(verdictOf(templateOf(promise.subject), promise)).toMatchObject(promise.promised);
    const weakened = templateOf(promise.subject);
    promise.without(weakened);
    expect(verdictOf(weakened, promise)).toMatchObject(promise.then);
  });

  test('FragileSite survives nothing', () => {
    const template = templateOf('FragileSite');
    const under = (fault: Fault, type: string, begin?: string) => simulationOf(template).under(fault).get(`${template.name}/${idOf(template, type, begin)}`);
    expect(under(zoneFault('eu-west-1', 0), RECORD)).toMatchObject(GONE);
    expect(under(zoneFault('eu-west-1', 0), DATABASE)).toMatchObject(GONE);
    expect(under(zoneFault('eu-west-1', 1), DATABASE)).toMatchObject(GONE);
    expect(under(of('instance', 'AWS::EC2::Instance')(template), RECORD)).toMatchObject(GONE);
  });
});
