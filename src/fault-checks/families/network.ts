import { Rule } from '../rule';
import { acceleratorEndpointInOneZone } from '../rules/accelerator-endpoint-in-one-zone';
import { clientVpnInOneZone } from '../rules/client-vpn-in-one-zone';
import { clientsWithoutMountTarget } from '../rules/clients-without-mount-target';
import { firewallInOneZone } from '../rules/firewall-in-one-zone';
import { hopInAnotherZone } from '../rules/hop-in-another-zone';
import { interfaceEndpointInFewerZones } from '../rules/interface-endpoint-in-fewer-zones';
import { natInAnotherZone } from '../rules/nat-in-another-zone';
import { networkInOneZone } from '../rules/network-in-one-zone';
import { regionalNatMissesZone } from '../rules/regional-nat-misses-zone';
import { resolverEndpointInOneZone } from '../rules/resolver-endpoint-in-one-zone';
import { routeToInstanceWithoutReplacement } from '../rules/route-to-instance-without-replacement';
import { subnetsInTheSameZone } from '../rules/subnets-in-the-same-zone';
import { transitAttachmentInFewerZones } from '../rules/transit-attachment-in-fewer-zones';
import { wayOutOfOneMachine } from '../rules/way-out-of-one-machine';

/** A way between zones, or out of the network, is in one zone. */
export const NETWORK: readonly Rule[] = [
  networkInOneZone,
  natInAnotherZone,
  regionalNatMissesZone,
  routeToInstanceWithoutReplacement,
  wayOutOfOneMachine,
  hopInAnotherZone,
  interfaceEndpointInFewerZones,
  firewallInOneZone,
  transitAttachmentInFewerZones,
  subnetsInTheSameZone,
  clientVpnInOneZone,
  acceleratorEndpointInOneZone,
  clientsWithoutMountTarget,
  resolverEndpointInOneZone,
];
