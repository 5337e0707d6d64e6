import { Rule } from '../rule';
import { directConnectAlone } from '../rules/direct-connect-alone';
import { vpnWithOneDevice } from '../rules/vpn-with-one-device';

/** A single way joins the network with one outside of AWS. */
export const HYBRID: readonly Rule[] = [
  vpnWithOneDevice,
  directConnectAlone,
];
