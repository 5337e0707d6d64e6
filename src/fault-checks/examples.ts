/** A group that works on a queue, with what lets it, as the examples of several rules have it. */
export const WORKERS = (group = ''): string => `
Queue: {Type: AWS::SQS::Queue}
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}]}
    Policies:
    - PolicyName: work
      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], Resource: !GetAtt Queue.Arn}]}
Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ImageId: ami-1, InstanceType: t3.micro, IamInstanceProfile: {Arn: !GetAtt Profile.Arn}}}}
Workers:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 8
    VPCZoneIdentifier: [subnet-1, subnet-2]${group}
    LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}`;

/** A policy by which that group follows what there is to do for each of its instances. */
export const BACKLOG_POLICY = `
Scaling:
  Type: AWS::AutoScaling::ScalingPolicy
  Properties:
    AutoScalingGroupName: !Ref Workers
    PolicyType: TargetTrackingScaling
    TargetTrackingConfiguration:
      TargetValue: 10
      CustomizedMetricSpecification:
        Metrics:
        - {Id: perWorker, Expression: visible / workers}
        - Id: visible
          ReturnData: false
          MetricStat:
            Stat: Maximum
            Metric: {Namespace: AWS/SQS, MetricName: ApproximateNumberOfMessagesVisible, Dimensions: [{Name: QueueName, Value: !GetAtt Queue.QueueName}]}
        - Id: workers
          ReturnData: false
          MetricStat:
            Stat: Average
            Metric: {Namespace: AWS/AutoScaling, MetricName: GroupInServiceInstances, Dimensions: [{Name: AutoScalingGroupName, Value: !Ref Workers}]}`;
