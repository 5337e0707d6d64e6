import { ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { WebHealthCheck } from './web-health-check';

/**
 * Servers outside the network, which answer to some of the requests.
 */
export interface IpTargetsProps {
  /**
   * Their private IPv4 addresses: on premises behind a VPN or Direct Connect, or in a peered network.
   */
  readonly addresses: string[];

  /**
   * The port on which they answer, by HTTP.
   *
   * @default - that of the tier's instances
   */
  readonly port?: number;

  /**
   * Which requests they get.
   */
  readonly conditions: ListenerCondition[];

  /**
   * In which order the rules of the listener are tried, 1 to 50000; each has its own.
   */
  readonly priority: number;

  /**
   * How the load balancer finds out that one of them can no longer answer.
   *
   * @default - as for the tier's instances
   */
  readonly healthCheck?: WebHealthCheck;
}
