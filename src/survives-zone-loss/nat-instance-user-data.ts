import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { BootstrapFile } from '../launch-templates/bootstrap-file';
import { BootstrapUserData } from '../launch-templates/bootstrap-user-data';
import { Fetch } from '../launch-templates/fetched-file';
import { awaitAnswer, installCommands, PROGRAMS_ON_INSTANCE } from '../launch-templates/instance-programs';
import { beginStep } from '../launch-templates/loud-script';

/** The program that NAT instances run. */
export const AGENT = 'failover-agent';

const SERVICE = `${AGENT}.service`;
const CONFIGURATION = '/etc/cdk-fault-tolerance/failover-agent.json';

/** It ends with 78 (EX_CONFIG of sysexits.h) where another start would do no better. */
const UNIT = `[Unit]
Description=Failover agent of cdk-fault-tolerance: NAT, and standing in for the instances of other zones
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=simple
Environment=PYTHONPATH=${PROGRAMS_ON_INSTANCE}/common:${PROGRAMS_ON_INSTANCE}/${AGENT}
Environment=PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
ExecStart=/usr/bin/python3 -m failover_agent ${CONFIGURATION}
Restart=always
RestartSec=200ms
RestartPreventExitStatus=78
TimeoutStopSec=30
KillMode=mixed

[Install]
WantedBy=multi-user.target
`;

/** Or networkd takes away the routes and rules that the agent has made. */
const KEEP_ROUTES = `[Network]
ManageForeignRoutes=no
ManageForeignRoutingPolicyRules=no
`;

/** User data that make a NAT instance out of a stock image; users may add to them. */
export function natInstanceUserData(configuration: string, health: string, preservesConnections: boolean, fetchPrograms: Fetch): ec2.UserData {
  return new BootstrapUserData([
    beginStep("'packages'"),
    ...installUnlessThere('nft', 'nftables'),
    ...preservesConnections ? installUnlessThere('conntrackd', 'conntrack-tools') : [],
    beginStep("'programs'"),
    ...installCommands(fetchPrograms),
    beginStep("'configuration'"),
    ...BootstrapFile.inline(CONFIGURATION, configuration, { mode: '0600' })._commands(),
    ...BootstrapFile.inline('/etc/systemd/networkd.conf.d/10-cdk-fault-tolerance.conf', KEEP_ROUTES)._commands(),
    'systemctl restart systemd-networkd',
    beginStep(`'service ${SERVICE}'`),
    ...BootstrapFile.inline(`/etc/systemd/system/${SERVICE}`, UNIT)._commands(),
    'systemctl daemon-reload',
    `systemctl enable --now ${SERVICE}`,
    beginStep(`'the answer of ${SERVICE}'`),
    ...awaitAnswer(health),
  ], ec2.UserData.forLinux());
}

function installUnlessThere(command: string, name: string): string[] {
  return [`command -v ${command} > /dev/null || retry dnf install --assumeyes ${name}`];
}
