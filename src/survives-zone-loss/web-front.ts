import { RemovalPolicy } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { WebHealthCheck } from './web-health-check';
import { WebRouting } from './web-routing';

/** What stands before the instances of a web tier: a load balancer of one kind or the other, and how clients reach it. */
export interface WebFront {
  readonly isPublic: boolean;
  /** Whether it sees connections and no requests. */
  readonly isForConnections: boolean;
  check(scope: IConstruct, props: Pick<FrontProps, 'healthCheck' | 'routing'>): void;
  create(scope: Construct, props: FrontProps): Front;
}

/** What a front is made from. */
export interface FrontProps {
  readonly vpc: ec2.IVpc;
  readonly loadBalancerSubnets: ec2.ISubnet[];
  readonly instancePort: number;
  readonly healthCheck: WebHealthCheck;
  readonly routing: WebRouting;
  readonly zonalShift: boolean;
  readonly removalPolicy: RemovalPolicy;
}

/** What was made. */
export interface Front {
  readonly loadBalancer: elb.BaseLoadBalancer & elb.ILoadBalancerV2;
  readonly targetGroup: elb.TargetGroupBase;
  /** Where an application load balancer takes rules. */
  readonly listener?: elb.ApplicationListener;
  /** Who may connect to the load balancer, at the port for clients. */
  readonly clients: ec2.Connections;
  readonly accessLogsBucket?: Bucket;
  readonly distribution?: Distribution;
  /** Makes the instances of these groups targets; `connections` are those of the instances. */
  attach(groups: AutoScalingGroup[], connections: ec2.Connections): void;
}
