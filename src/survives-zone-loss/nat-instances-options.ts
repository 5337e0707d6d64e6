import * as ec2 from 'aws-cdk-lib/aws-ec2';

/**
 * What happens to the public address of a zone while another zone stands in for it.
 */
export enum NatAddresses {
  /**
   * Each zone has its address. During a takeover what comes out of the zone shows the address of the zone that stands in for it:
   * whoever lets in by address has to let in those of all zones.
   */
  PER_AZ = 'perAz',

  /**
   * The address goes along: what comes out of a zone always shows the same one. Takes an instance type with room for one address
   * a zone, besides one, on a network interface. What each instance has to know of all the others fits into its user data for up to
   * four zones with three private subnets each, or five with one.
   */
  FOLLOW = 'follow',
}

/**
 * How soon an instance that does not answer is taken for dead.
 */
export enum TakeoverProfile {
  /** Three checks in a row, one every 0.5 seconds. */
  DEFAULT = 'default',

  /** Three checks in a row, one every 0.2 seconds: sooner, and sooner taken in by a hiccup of the network. */
  FAST = 'fast',
}

/**
 * When a zone gets its traffic back from the one that has stood in for it.
 */
export enum NatFailback {
  /** When its own instance has been well for 30 seconds, longer after each time that this did not last. */
  AUTOMATIC = 'automatic',

  /** When somebody leads the routes back, or the instance that stands in goes. */
  MANUAL = 'manual',
}

/**
 * How NAT instances are made, and how they stand in for each other.
 */
export interface NatInstancesOptions {
  /**
   * The size of the instances; Amazon Linux 2023 comes for the processor architecture of either kind.
   *
   * A nano has 512 MB, of which dnf may want more than there is when the image lacks nftables.
   *
   * @default - t4g.micro; with `NatAddresses.FOLLOW` the smallest t4g that has room for the addresses: t4g.small for two or three zones
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * An image of your own, of the family of Amazon Linux: with Python 3.9 or later, systemd and the AWS CLI, and with nftables or dnf.
   *
   * @default - the newest Amazon Linux 2023 at each deployment, so that a deployment may replace the instances, one zone after the other
   */
  readonly machineImage?: ec2.IMachineImage;

  /**
   * The name of the root device in the image, so that its volume is encrypted.
   *
   * @default /dev/xvda, as in Amazon Linux
   */
  readonly rootDeviceName?: string;

  /**
   * What happens to the public address of a zone while another zone stands in for it.
   *
   * @default NatAddresses.PER_AZ
   */
  readonly addresses?: NatAddresses;

  /**
   * Elastic IPs of yours, one a zone, in the order of the zones.
   *
   * @default - new ones
   */
  readonly eipAllocationIds?: string[];

  /**
   * How soon an instance that does not answer is taken for dead.
   *
   * @default TakeoverProfile.DEFAULT
   */
  readonly profile?: TakeoverProfile;

  /**
   * When a zone gets its traffic back.
   *
   * @default NatFailback.AUTOMATIC
   */
  readonly failback?: NatFailback;

  /**
   * Experimental: the connections that are open outlive a takeover, as the instances tell each other of them. Needs `NatAddresses.FOLLOW`,
   * and two zones.
   *
   * EC2 must not track connections for that, since it knows nothing of those of another instance: the security group of the
   * interfaces lets everything in and out, and what nobody in the VPC has asked for is dropped by the instance itself.
   *
   * @default false
   */
  readonly preserveConnections?: boolean;

  /**
   * The address ranges of the VPC, all of which go out through the instances.
   *
   * @default - the first range of the VPC, which has to be known: give them for a VPC with several, or one that was imported without it
   */
  readonly vpcCidrs?: string[];
}
