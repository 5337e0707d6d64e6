import { asBoolean, at, Properties } from '../fault-simulation/template/value';

/** What AWS refunds below, for one form of a service. */
export interface ServiceLevel {
  /** Below 1. */
  readonly availability: number;
  readonly source: string;
  /** That of the text, as it says itself. */
  readonly date: string;
  /** Whether AWS's own text was read; else it is what others say of it, or from memory. */
  readonly confirmed: boolean;
  /** Whether one figure holds for all of it in a Region, as for a service that AWS keeps; else for each by itself. */
  readonly shared: boolean;
}

/** The service level agreement of a service of AWS, by the form in which it is used. */
export interface LeveledService {
  readonly service: string;
  readonly type: RegExp;
  /** Which of that type; all, if it is left out. */
  readonly when?: (properties: Properties) => boolean;
  readonly severalZones?: ServiceLevel;
  readonly oneZone?: ServiceLevel;
}

type Origin = Pick<ServiceLevel, 'source' | 'date' | 'confirmed'>;

const read = (source: string, date: string): Origin => ({ source, date, confirmed: true });
const reported = (source: string, date: string): Origin => ({ source, date, confirmed: false });

const COMPUTE = read('Amazon Compute SLA', '2022-05-05');
const COLLECTION = reported('the collection mikaelvesavuori/cloud-sla', '2023-01');
const CLOUDONAUT = reported('cloudonaut.io, "AWS SLA: Are you able to keep your availability promise?"', '2019-01-31');
const MEMORY = reported('from memory: no text was found', '–');
const ELB = read('Elastic Load Balancing SLA', '2022-07-25');
const RDS = read('Amazon RDS SLA', '2024-01-22');
const AURORA = read('Amazon Aurora SLA', '2022-05-19');
const CACHE = read('AWS Database Blog, "Introducing 99.99% Availability with Amazon ElastiCache for Redis and Amazon MemoryDB for Redis"', '2023-02-16');
const MEMORYDB = read('Amazon MemoryDB SLA', '2024-12-01');
const EFS = read('Amazon EFS SLA', '2022-05');

const each = (availability: number, origin: Origin): ServiceLevel => ({ availability, ...origin, shared: false });
const shared = (availability: number, origin: Origin): ServiceLevel => ({ availability, ...origin, shared: true });

/** The first that fits counts. SLAs are refunds, not measurements: what may be promised at most. docs/availability.md is made from it. */
export const SERVICE_LEVELS: readonly LeveledService[] = [
  {
    service: 'EC2, ECS, Fargate',
    type: /^AWS::(EC2::Instance|AutoScaling::AutoScalingGroup|ECS::Service|EKS::Nodegroup)$/,
    severalZones: shared(0.9999, COMPUTE),
    oneZone: each(0.995, reported('two summaries of the Amazon Compute SLA, of which the text names an instance-level SLA', '2022-05-05')),
  },
  { service: 'Elastic Load Balancing', type: /^AWS::ElasticLoadBalancing(V2)?::LoadBalancer$/, severalZones: each(0.9999, ELB), oneZone: each(0.999, ELB) },
  {
    service: 'RDS instance',
    type: /^AWS::RDS::DBInstance$/,
    when: ({ DBClusterIdentifier: cluster }) => cluster === undefined,
    severalZones: each(0.9995, RDS),
    oneZone: each(0.995, RDS),
  },
  {
    service: 'RDS Multi-AZ cluster',
    type: /^AWS::RDS::DBCluster$/,
    when: ({ DBClusterInstanceClass: size }) => size !== undefined,
    severalZones: each(0.9995, RDS),
  },
  { service: 'Aurora', type: /^AWS::RDS::DBCluster$/, severalZones: each(0.9999, AURORA), oneZone: each(0.999, AURORA) },
  { service: 'RDS Proxy', type: /^AWS::RDS::DBProxy$/, severalZones: each(0.9999, COLLECTION) },
  { service: 'DocumentDB', type: /^AWS::DocDB::DBCluster$/, severalZones: each(0.999, COLLECTION) },
  { service: 'Neptune', type: /^AWS::Neptune::DBCluster$/, severalZones: each(0.999, COLLECTION) },
  {
    service: 'ElastiCache',
    type: /^AWS::ElastiCache::(ReplicationGroup|CacheCluster)$/,
    severalZones: each(0.9999, CACHE),
    oneZone: each(0.995, CACHE),
  },
  {
    service: 'ElastiCache Serverless',
    type: /^AWS::ElastiCache::ServerlessCache$/,
    severalZones: each(0.9999, reported('the Amazon ElastiCache SLA of the Ningxia Region', '2024-11-22')),
  },
  { service: 'MemoryDB', type: /^AWS::MemoryDB::Cluster$/, severalZones: each(0.9999, MEMORYDB), oneZone: each(0.995, MEMORYDB) },
  {
    service: 'DynamoDB',
    type: /^AWS::DynamoDB::(Table|GlobalTable)$/,
    severalZones: shared(0.9999, reported('dynobase.dev and classmethod.jp on the DynamoDB SLA', '2022-03-10')),
  },
  { service: 'S3', type: /^AWS::S3::Bucket$/, severalZones: shared(0.999, read('Amazon S3 SLA, Standard', '2023-11-28')) },
  { service: 'EFS', type: /^AWS::EFS::FileSystem$/, severalZones: each(0.9999, EFS), oneZone: each(0.999, EFS) },
  { service: 'FSx', type: /^AWS::FSx::FileSystem$/, severalZones: each(0.9999, read('Amazon FSx SLA', '2024-06')) },
  { service: 'Redshift', type: /^AWS::Redshift::Cluster$/, severalZones: each(0.999, COLLECTION) },
  { service: 'OpenSearch Service', type: /^AWS::(OpenSearchService|Elasticsearch)::Domain$/, severalZones: each(0.999, COLLECTION) },
  { service: 'MSK', type: /^AWS::MSK::(Serverless)?Cluster$/, severalZones: each(0.999, COLLECTION) },
  { service: 'Amazon MQ', type: /^AWS::AmazonMQ::Broker$/, severalZones: each(0.999, CLOUDONAUT) },
  { service: 'SQS', type: /^AWS::SQS::Queue$/, severalZones: shared(0.999, COLLECTION) },
  { service: 'SNS', type: /^AWS::SNS::Topic$/, severalZones: shared(0.999, COLLECTION) },
  { service: 'Kinesis', type: /^AWS::(Kinesis::Stream|KinesisFirehose::DeliveryStream)$/, severalZones: shared(0.999, CLOUDONAUT) },
  {
    service: 'Lambda',
    type: /^AWS::Lambda::Function$/,
    severalZones: shared(0.9995, reported('classmethod.jp on the AWS Lambda SLA; that of the Ningxia Region says the same', '2021-06-21')),
  },
  {
    service: 'API Gateway',
    type: /^AWS::ApiGateway(::RestApi|V2::Api)$/,
    severalZones: shared(0.9995, read('AWS, announcement of the API Gateway SLA', '2019')),
  },
  { service: 'Step Functions', type: /^AWS::StepFunctions::StateMachine$/, severalZones: shared(0.999, CLOUDONAUT) },
  { service: 'Cognito', type: /^AWS::Cognito::UserPool$/, severalZones: shared(0.999, CLOUDONAUT) },
  { service: 'Route 53', type: /^AWS::Route53::RecordSet(Group)?$/, severalZones: shared(1, CLOUDONAUT) },
  { service: 'CloudFront', type: /^AWS::CloudFront::Distribution$/, severalZones: shared(0.999, read('Amazon CloudFront SLA', '2022-05-05')) },
  {
    service: 'Global Accelerator',
    type: /^AWS::GlobalAccelerator::Accelerator$/,
    severalZones: each(0.9999, read('AWS Global Accelerator SLA', '2022-05')),
  },
  { service: 'NAT gateway', type: /^AWS::EC2::NatGateway$/, severalZones: each(0.9999, MEMORY), oneZone: each(0.999, COLLECTION) },
  {
    service: 'PrivateLink',
    type: /^AWS::EC2::VPCEndpoint$/,
    when: ({ VpcEndpointType: type }) => type === 'Interface',
    severalZones: each(0.999, COLLECTION),
    oneZone: each(0.999, COLLECTION),
  },
  { service: 'Transit Gateway', type: /^AWS::EC2::TransitGateway$/, severalZones: each(0.9999, COLLECTION) },
  { service: 'Site-to-Site VPN', type: /^AWS::EC2::VPNConnection$/, severalZones: each(0.9995, read('AWS Site-to-Site VPN SLA', '2022-05-05')) },
  { service: 'EKS control plane', type: /^(AWS::EKS::Cluster|Custom::AWSCDK-EKS-Cluster)$/, severalZones: each(0.9995, COLLECTION) },
];

/** What a component is by the table; undefined if it is none of it. */
export function leveledServiceOf({ type, properties }: { readonly type: string; readonly properties: Properties }): LeveledService | undefined {
  return SERVICE_LEVELS.find(one => one.type.test(type) && one.when?.(properties) !== false);
}

/** Whether a database says itself that it has a standby in another zone. */
export function hasStandby(properties: Properties): boolean {
  return asBoolean(at(properties, 'MultiAZ')) === true;
}
