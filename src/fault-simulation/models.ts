import { stateOfBalancer, stateOfClassicBalancer, stateOfTargetGroup } from './components/balancers';
import { stateOfCache, stateOfMemory, stateOfNodes, stateOfServerlessCache } from './components/caches';
import {
  stateOfAccelerator, stateOfAcceleratorListener, stateOfAttachment, stateOfClientVpn, stateOfEndpointGroup, stateOfVpnConnection,
} from './components/connections';
import { stateOfFileServer, stateOfInflux } from './components/file-servers';
import { stateOfGroup } from './components/fleet';
import { stateOfInstance } from './components/instance';
import { stateOfDistribution, stateOfRecords } from './components/names';
import {
  regional, regionalWith, stateOfAddress, stateOfEndpoint, stateOfFileSystem, stateOfInterface, stateOfMountTarget, stateOfNatGateway,
  stateOfVolume,
} from './components/network';
import { stateOfComputeEnvironment, stateOfControlPlane, stateOfFargateProfile, stateOfJobQueue, stateOfNodegroup } from './components/nodegroups';
import { stateOfBroker, stateOfDomain, stateOfKafka, stateOfServerlessKafka } from './components/nodes';
import { stateOfQueue, stateOfStream } from './components/queues';
import { stateOfFunction, stateOfFunctionName, stateOfHttpApi, stateOfLink, stateOfRestApi, stateOfService } from './components/serverless';
import { stateOfCluster, stateOfDatabase, stateOfMember, stateOfProxy, stateOfStorage, stateOfWarehouse } from './components/stores';
import { stateOfTopic } from './components/topics';
import { stateOfDelivery, stateOfPipe, stateOfStateMachine } from './components/workflows';
import { Model } from './model';
import { WELL } from './state';

/** What runs over a line of Direct Connect, which ends in no zone. */
const CIRCUIT = regionalWith(['ConnectionId'], ['DirectConnectGatewayId'], ['VirtualGatewayId']);

/** How the types stand that are read. What is in neither list is unknown, by name. */
const MODELS: Readonly<Record<string, Model>> = {
  'AWS::AmazonMQ::Broker': stateOfBroker,
  'AWS::ApiGateway::RestApi': stateOfRestApi,
  'AWS::ApiGateway::VpcLink': stateOfLink,
  'AWS::ApiGatewayV2::Api': stateOfHttpApi,
  'AWS::ApiGatewayV2::VpcLink': stateOfLink,
  'AWS::AutoScaling::AutoScalingGroup': stateOfGroup,
  'AWS::Batch::ComputeEnvironment': stateOfComputeEnvironment,
  'AWS::Batch::JobQueue': stateOfJobQueue,
  'AWS::CloudFront::Distribution': stateOfDistribution,
  'AWS::CloudFront::VpcOrigin': regionalWith(['VpcOriginEndpointConfig', 'Arn']),
  'AWS::Cognito::UserPool': regional,
  'AWS::DocDB::DBCluster': stateOfCluster,
  'AWS::DocDB::DBInstance': stateOfMember,
  'AWS::DynamoDB::GlobalTable': stateOfStorage,
  'AWS::DynamoDB::Table': stateOfStorage,
  'AWS::DirectConnect::Connection': regionalWith(['LagId']),
  'AWS::DirectConnect::Lag': regional,
  'AWS::DirectConnect::PrivateVirtualInterface': CIRCUIT,
  'AWS::DirectConnect::PublicVirtualInterface': CIRCUIT,
  'AWS::DirectConnect::TransitVirtualInterface': CIRCUIT,
  'AWS::EC2::ClientVpnEndpoint': stateOfClientVpn,
  'AWS::EC2::EIP': stateOfAddress,
  'AWS::EC2::Instance': stateOfInstance,
  'AWS::EC2::NatGateway': stateOfNatGateway,
  'AWS::EC2::NetworkInterface': stateOfInterface,
  'AWS::EC2::TransitGateway': regional,
  'AWS::EC2::TransitGatewayAttachment': stateOfAttachment,
  'AWS::EC2::TransitGatewayVpcAttachment': stateOfAttachment,
  'AWS::EC2::VPCEndpoint': stateOfEndpoint,
  'AWS::EC2::VPNConnection': stateOfVpnConnection,
  'AWS::EC2::VPNGateway': regional,
  'AWS::EC2::Volume': stateOfVolume,
  'AWS::ECS::Service': stateOfService,
  'AWS::EFS::AccessPoint': regionalWith(['FileSystemId']),
  'AWS::EFS::FileSystem': stateOfFileSystem,
  'AWS::EFS::MountTarget': stateOfMountTarget,
  'AWS::EKS::Cluster': stateOfControlPlane,
  'AWS::EKS::FargateProfile': stateOfFargateProfile,
  'AWS::EKS::Nodegroup': stateOfNodegroup,
  'AWS::ElastiCache::CacheCluster': stateOfNodes,
  'AWS::ElastiCache::ReplicationGroup': stateOfCache,
  'AWS::ElastiCache::ServerlessCache': stateOfServerlessCache,
  'AWS::ElasticLoadBalancing::LoadBalancer': stateOfClassicBalancer,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': stateOfBalancer,
  'AWS::ElasticLoadBalancingV2::TargetGroup': stateOfTargetGroup,
  'AWS::Elasticsearch::Domain': stateOfDomain,
  'AWS::FSx::FileSystem': stateOfFileServer,
  'AWS::FSx::StorageVirtualMachine': regionalWith(['FileSystemId']),
  'AWS::FSx::Volume': regionalWith(['OntapConfiguration', 'StorageVirtualMachineId'], ['OpenZFSConfiguration', 'ParentVolumeId']),
  'AWS::GlobalAccelerator::Accelerator': stateOfAccelerator,
  'AWS::GlobalAccelerator::EndpointGroup': stateOfEndpointGroup,
  'AWS::GlobalAccelerator::Listener': stateOfAcceleratorListener,
  'AWS::Kinesis::Stream': stateOfStream,
  'AWS::Kinesis::StreamConsumer': regionalWith(['StreamARN']),
  'AWS::KinesisFirehose::DeliveryStream': stateOfDelivery,
  'AWS::Lambda::Alias': stateOfFunctionName,
  'AWS::Lambda::Function': stateOfFunction,
  'AWS::Lambda::Url': stateOfFunctionName,
  'AWS::Lambda::Version': stateOfFunctionName,
  'AWS::MSK::Cluster': stateOfKafka,
  'AWS::MSK::ServerlessCluster': stateOfServerlessKafka,
  'AWS::MemoryDB::Cluster': stateOfMemory,
  'AWS::Neptune::DBCluster': stateOfCluster,
  'AWS::Neptune::DBInstance': stateOfMember,
  'AWS::OpenSearchService::Domain': stateOfDomain,
  'AWS::Pipes::Pipe': stateOfPipe,
  'AWS::RDS::DBCluster': stateOfCluster,
  'AWS::RDS::DBInstance': stateOfDatabase,
  'AWS::RDS::DBProxy': stateOfProxy,
  'AWS::Redshift::Cluster': stateOfWarehouse,
  'AWS::Route53::RecordSet': stateOfRecords,
  'AWS::Route53::RecordSetGroup': stateOfRecords,
  'AWS::S3::Bucket': stateOfStorage,
  'AWS::SNS::Topic': stateOfTopic,
  'AWS::SQS::Queue': stateOfQueue,
  'AWS::Timestream::Database': regional,
  'AWS::Timestream::InfluxDBInstance': stateOfInflux,
  'AWS::Timestream::Table': regional,
  'AWS::StepFunctions::StateMachine': stateOfStateMachine,
  'AWS::StepFunctions::StateMachineAlias': regionalWith(['RoutingConfiguration'], ['DeploymentPreference']),
  'AWS::StepFunctions::StateMachineVersion': regionalWith(['StateMachineArn']),
  'Custom::AWSCDK-EKS-Cluster': stateOfControlPlane,
};

/** Types that steer others, and do nothing that users would miss by itself. */
const STEERING = [
  'ApplicationAutoScaling', 'Backup', 'CertificateManager', 'CloudTrail', 'CodeBuild', 'CodeDeploy', 'CodePipeline', 'Config', 'CDK', 'CloudWatch', 'DLM', 'Events',
  'IAM', 'KMS', 'Logs', 'Scheduler', 'SecretsManager', 'SSM', 'WAFv2',
].map(service => new RegExp(`^AWS::${service}::`)).concat([
  /^AWS::AutoScaling::(LaunchConfiguration|LifecycleHook|ScalingPolicy|ScheduledAction|WarmPool)$/,
  /^AWS::ARCZonalShift::ZonalAutoshiftConfiguration$/,
  /^AWS::CloudFormation::(Macro|Stack|WaitCondition|WaitConditionHandle)$/,
  /^AWS::CloudFront::(?!Distribution$|VpcOrigin$)\w+$/,
  /^AWS::Cognito::(?!UserPool$)\w+$/,
  /^AWS::EC2::(EIPAssociation|FlowLog|InternetGateway|LaunchTemplate|Route|RouteTable|SecurityGroup\w*|Subnet|SubnetRouteTableAssociation)$/,
  /^AWS::EC2::(EgressOnlyInternetGateway|NetworkAcl\w*|SubnetNetworkAclAssociation|VolumeAttachment|VPC|VPCCidrBlock|VPCGatewayAttachment)$/,
  /^AWS::ApiGateway(V2)?::(?!RestApi|Api$|VpcLink|DomainName)\w+$/,
  /^AWS::ECS::(CapacityProvider|Cluster|ClusterCapacityProviderAssociations|TaskDefinition)$/,
  /^AWS::ElasticLoadBalancingV2::(Listener|ListenerRule)$/,
  /^AWS::Lambda::(EventInvokeConfig|EventSourceMapping|LayerVersion|Permission)$/,
  /^AWS::(DocDB|Neptune|RDS)::(DBProxyTargetGroup|EventSubscription|GlobalCluster)$/,
  /^AWS::AmazonMQ::(Configuration|ConfigurationAssociation)$/,
  /^AWS::DirectConnect::DirectConnectGateway(Association)?$/,
  /^AWS::EC2::(ClientVpn(AuthorizationRule|Route|TargetNetworkAssociation)|CustomerGateway|VPNConnectionRoute|VPNGatewayRoutePropagation)$/,
  /^AWS::EC2::TransitGateway(Route|RouteTable|RouteTableAssociation|RouteTablePropagation)$/,
  /^AWS::Batch::(JobDefinition|SchedulingPolicy)$/,
  /^AWS::ECR::Repository$/,
  /^AWS::EKS::(AccessEntry|Addon|IdentityProviderConfig|PodIdentityAssociation)$/,
  /^AWS::FSx::(DataRepositoryAssociation|Snapshot)$/,
  /^AWS::GlobalAccelerator::CrossAccountAttachment$/,
  /^AWS::(Kinesis::ResourcePolicy|StepFunctions::Activity)$/,
  /^AWS::MSK::(BatchScramSecret|ClusterPolicy|Configuration|Topic)$/,
  /^AWS::MemoryDB::(ACL|User)$/,
  /^AWS::Route53::(HealthCheck|HostedZone)$/,
  /^AWS::SNS::Subscription$/,
  /^AWS::\w+::(DBSubnetGroup|SubnetGroup|(DB)?(Cluster)?ParameterGroup|ClusterSubnetGroup|BucketPolicy|QueuePolicy|TopicPolicy)$/,
  /^Custom::(VpcRestrictDefaultSG|S3AutoDeleteObjects|S3BucketNotifications|CDKBucketDeployment|CrossRegionExport(Reader|Writer)|LogRetention)$/,
]);

/** How what steers others stands: nobody misses it by itself. */
export const STEERS: Model = () => WELL;

export function modelOf(type: string): Model | undefined {
  return MODELS[type] ?? (STEERING.some(pattern => pattern.test(type)) ? STEERS : undefined);
}
