import { databaseIn, fragile, named, queueFed, ref, Resources, simulationOf, site, subnetRefs, subnets } from './templates';
import { Availability, availabilityOf } from '../../src/availability/availability';
import { FAULT_RATES, FaultRate } from '../../src/availability/fault-rates';
import { SERVICE_LEVELS } from '../../src/availability/service-levels';
import { YEAR_SECONDS } from '../../src/availability/words';

function availabilityIn(resources: Resources, service: string): Availability {
  const found = availabilityOf(simulationOf(resources)).find(one => one.service === `S/${service}`);
  if (!found) { throw new Error(`${service} is no service`); }
  return found;
}

const levelsOf = (resources: Resources, service: string) =>
  Object.fromEntries(availabilityIn(resources, service).levels.map(({ service: name, level }) => [name, level.availability]));

const server = (subnet: number) => ({ Type: 'AWS::EC2::Instance', Properties: { SubnetId: ref(`Subnet${subnet}`) } });

describe('the ceiling', () => {
  test('of a name, a balancer, a fleet in several zones and a Multi-AZ database is their product: 99.93 %, 368 minutes a year', () => {
    const { ceiling } = availabilityIn(named(site({ zones: 2, size: 2, database: 'pair' }), false), 'Name');
    expect(ceiling).toBeCloseTo(1 * 0.9999 * 0.9999 * 0.9995, 12);
    expect((1 - ceiling) * YEAR_SECONDS / 60).toBeCloseTo(368, 0);
  });

  test('of one server and one database is that of each by itself', () => {
    expect(availabilityIn(fragile(), 'Address').ceiling).toBeCloseTo(0.995 * 0.995, 12);
  });

  test('does not count what stands behind a failover, which is in place of it', () => {
    expect(levelsOf(named(site({ zones: 2, size: 2 }), false), 'Name')).toEqual({ 'Route 53': 1, 'Elastic Load Balancing': 0.9999, 'EC2, ECS, Fargate': 0.9999 });
    expect(levelsOf(named(site({ zones: 2, size: 2 }), true), 'Name')).toEqual({ 'Route 53': 1 });
  });

  test('of two servers in two zones is that of EC2 in several zones, and of two in one zone that of one', () => {
    const pair = (zones: readonly number[]): Resources => {
      const { Fleet: _, ...rest } = site({ zones: 2, size: 2 });
      const Targets = { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Targets: [{ Id: ref('One') }, { Id: ref('Two') }] } };
      return { ...rest, Targets, One: server(zones[0]), Two: server(zones[1]) };
    };
    expect(levelsOf(pair([0, 1]), 'Balancer')).toEqual({ 'Elastic Load Balancing': 0.9999, 'EC2, ECS, Fargate': 0.9999 });
    expect(levelsOf(pair([0, 0]), 'Balancer')).toEqual({ 'Elastic Load Balancing': 0.9999, 'EC2, ECS, Fargate': 0.995 });
  });

  test('of gateways that are of use for starts alone has none of theirs', () => {
    expect(Object.keys(levelsOf(site({ zones: 2, size: 2, boots: true }), 'Balancer'))).toEqual(['Elastic Load Balancing', 'EC2, ECS, Fargate']);
  });

  test('of a database in subnets that are not in the template goes by what it says of itself', () => {
    const elsewhere = (properties: Record<string, unknown>) => fragile({ DBSubnetGroupName: 'default', ...properties });
    expect(levelsOf(elsewhere({ MultiAZ: true }), 'Address')['RDS instance']).toBe(0.9995);
    expect(levelsOf(elsewhere({}), 'Address')['RDS instance']).toBe(0.995);
  });

  test('of a fleet in one zone, or of one member, is that of an instance, and of a balancer in one zone the lower one', () => {
    expect(levelsOf(site({ zones: 1, size: 4 }), 'Balancer')).toEqual({ 'Elastic Load Balancing': 0.999, 'EC2, ECS, Fargate': 0.995 });
    expect(levelsOf(site({ zones: 2, size: 1 }), 'Balancer')).toEqual({ 'Elastic Load Balancing': 0.9999, 'EC2, ECS, Fargate': 0.995 });
  });

  test('of Aurora goes by its members, and those do not count again', () => {
    const cluster = (members: number): Resources => {
      const { Database: _, ...rest } = { ...site({ zones: 2, size: 2, database: 'single' }) };
      const member = (index: number): Resources => ({
        [`Member${index}`]: { Type: 'AWS::RDS::DBInstance', Properties: { DBClusterIdentifier: ref('Database'), AvailabilityZone: `eu-west-1${'ab'[index]}` } },
      });
      return { ...rest, Database: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql', DBSubnetGroupName: ref('Group') } }, ...member(0), ...members > 1 ? member(1) : {} };
    };
    expect(levelsOf(cluster(2), 'Balancer').Aurora).toBe(0.9999);
    expect(levelsOf(cluster(1), 'Balancer').Aurora).toBe(0.999);
    const UserData = { 'Fn::Base64': { 'Fn::Sub': 'echo ${Member0.Endpoint.Address} ${Database.Endpoint.Address} >> a' } };
    const direct = { ...cluster(2), Template: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: { UserData } } } };
    expect(Object.keys(levelsOf(direct, 'Balancer'))).toEqual(['Elastic Load Balancing', 'EC2, ECS, Fargate', 'Aurora']);
  });

  test('counts a database each, and a service that AWS keeps once for its Region', () => {
    const two = 'echo ${Database.Endpoint.Address} ${Other.Endpoint.Address} >> a; echo ${One} ${Two} >> b';
    const resources: Resources = {
      ...subnets(2),
      ...databaseIn(2, { MultiAZ: true }),
      Other: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'mysql', DBSubnetGroupName: ref('Group'), MultiAZ: true } },
      One: { Type: 'AWS::S3::Bucket' },
      Two: { Type: 'AWS::S3::Bucket' },
      Server: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: ref('Subnet0'), UserData: { 'Fn::Base64': { 'Fn::Sub': two } } } },
      Address: { Type: 'AWS::EC2::EIP', Properties: { InstanceId: ref('Server') } },
    };
    const { ceiling, levels } = availabilityIn(resources, 'Address');
    expect(ceiling).toBeCloseTo(0.995 * 0.9995 ** 2 * 0.999, 12);
    expect(levels.find(({ service }) => service === 'S3')?.of).toEqual(['S/One', 'S/Two']);
  });

  test('of a queue has those who work on it, and their only way to it', () => {
    expect(levelsOf(queueFed(), 'Queue')).toEqual({ 'SQS': 0.999, 'EC2, ECS, Fargate': 0.9999, 'NAT gateway': 0.999 });
  });

  test('names what it has no figure of', () => {
    const resources: Resources = {
      ...fragile(),
      Files: { Type: 'AWS::FSx::FileSystem', Properties: { FileSystemType: 'LUSTRE', SubnetIds: [subnetRefs(1)[0]] } },
      Server: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: ref('Subnet0'), UserData: { 'Fn::Base64': { 'Fn::Sub': 'mount -t lustre ${Files}.fsx.amazonaws.com /mnt' } } } },
    };
    expect(availabilityIn(resources, 'Address').assumptions).toContain('no SLA is known of the form of S/Files');
  });
});

describe('the tables', () => {
  test('have a source for each figure, and a date where a text was read', () => {
    for (const { service, severalZones, oneZone } of SERVICE_LEVELS) {
      for (const level of [severalZones, oneZone].flatMap(one => one ?? [])) {
        expect([service, level.availability > 0.9 && level.availability <= 1, level.source.length > 5]).toEqual([service, true, true]);
        expect([service, !level.confirmed || /^20\d\d(-\d\d){0,2}$/.test(level.date)]).toEqual([service, true]);
      }
      expect([service, (oneZone?.availability ?? 0) <= (severalZones?.availability ?? 1)]).toEqual([service, true]);
    }
  });

  test('call a rate documented only where AWS names it', () => {
    const documented = Object.entries<FaultRate>(FAULT_RATES).filter(([, { basis }]) => basis === 'documented').map(([kind]) => kind);
    expect(documented).toEqual(['volume']);
    expect(FAULT_RATES.zone.basis).toBe('assumed');
  });
});
