"""Types that are refused for a stated reason."""

# Types that a user of the library may well expect here.  Every other type is refused as well.
REFUSED = {
    "AWS::ApiGateway::RestApi": "not needed yet; moto has the service",
    "AWS::Backup::BackupPlan": "not needed yet; moto has the service",
    "AWS::CloudFormation::CustomResource": "its handler is a function, which needs Docker",
    "AWS::CloudFormation::Stack": "not needed yet; moto loses outputs of nested stacks",
    "AWS::CloudFormation::WaitCondition": "nothing in the emulator sends the signal it waits for",
    "AWS::CloudWatch::CompositeAlarm": "moto fails at PutCompositeAlarm",
    "AWS::ECS::Service": "not needed yet; moto starts no tasks",
    "AWS::EFS::FileSystem": "not needed yet; moto has the service",
    "AWS::ElastiCache::ReplicationGroup": "not needed yet; moto has the service",
    "AWS::Events::EventBus": "not needed yet; moto has the service",
    "AWS::FIS::ExperimentTemplate": "not needed yet",
    "AWS::Lambda::EventSourceMapping": "functions run in Docker only, so that none would ever be invoked",
    "AWS::RDS::DBCluster": "not needed yet; moto has the service",
    "AWS::RDS::DBProxy": "not needed yet; moto has the service",
    "AWS::SecretsManager::RotationSchedule": "moto invokes the rotation function at once, which needs Docker",
    "AWS::StepFunctions::StateMachine": "not needed yet; moto has the service",
    "Custom::AWS": "AwsCustomResource calls any API by name: its handler needs Docker",
}
