import { RUNNER_HEALTH_PORT } from './worker-runner-configuration';
import { bashWord } from '../launch-templates/bash';
import { BootstrapFile } from '../launch-templates/bootstrap-file';
import { BootstrapService } from '../launch-templates/bootstrap-service';
import { Fetch } from '../launch-templates/fetched-file';
import { awaitAnswer, installCommands, PROGRAMS_ON_INSTANCE } from '../launch-templates/instance-programs';
import { beginStep } from '../launch-templates/loud-script';

/** The program that takes the messages. */
export const RUNNER = 'worker-runner';

const SERVICE = `${RUNNER}.service`;
const CONFIGURATION = `/etc/cdk-fault-tolerance/${RUNNER}.json`;
const ENVIRONMENT = `/etc/cdk-fault-tolerance/${RUNNER}.env`;
const PYTHON = '/usr/bin/python3';

/** What is put on an instance for its runner. */
export interface RunnerOnInstance {
  readonly configuration: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Made where it is not given. */
  readonly user?: string;
  /** So long the runner may take when it is told to stop. */
  readonly stopSeconds: number;
}

/**
 * It ends with 78 (EX_CONFIG of sysexits.h) where another start would do no better, and with 0 when it is done for good.
 *
 * Work that the kernel kills for want of memory has failed, and takes no other with it (OOMPolicy). 256 pieces of work at once take more
 * than the 1024 files that systemd lets a service open.
 */
function unitOf({ stopSeconds }: RunnerOnInstance, user: string): string {
  return `[Unit]
Description=Worker runner of cdk-fault-tolerance: takes messages from a queue, and has the work done
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=simple
User=${user}
EnvironmentFile=${ENVIRONMENT}
Environment=PYTHONPATH=${PROGRAMS_ON_INSTANCE}/common:${PROGRAMS_ON_INSTANCE}/${RUNNER}
Environment=PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
ExecStart=${PYTHON} -m worker_runner ${CONFIGURATION}
Restart=on-failure
RestartSec=1
RestartPreventExitStatus=78
TimeoutStopSec=${stopSeconds + 30}
KillMode=mixed
OOMPolicy=continue
LimitNOFILE=8192
NoNewPrivileges=yes
ProtectControlGroups=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
`;
}

/** The steps that put a runner on an instance and start it, for the end of a loud script: what it hands the work to is there by then. */
export function workerRunnerSteps(runner: RunnerOnInstance, fetchPrograms: Fetch): string[] {
  const user = runner.user ?? RUNNER;
  return [
    beginStep(`'what ${RUNNER} takes: aws, curl, and ${PYTHON} of 3.9 or newer'`),
    'for program in aws curl; do command -v "$program" > /dev/null; done',
    `${PYTHON} -c 'import sys; sys.exit(sys.version_info < (3, 9))'`,
    beginStep(bashWord(`the user of ${RUNNER}: ${user}`)),
    ...runner.user === undefined ? makeUser(user) : [],
    `[ "$(id --user ${bashWord(user)})" -ne 0 ]`,
    beginStep(`'the programs of ${RUNNER}'`),
    'umask 022', // an image may have a stricter one, and the user has to read what is written here
    ...installCommands(fetchPrograms),
    beginStep(`'the configuration of ${RUNNER}'`),
    ...BootstrapFile.inline(CONFIGURATION, runner.configuration)._commands(),
    ...environmentFile(runner.environment),
    beginStep(`'service ${SERVICE}'`),
    ...BootstrapService.fromUnit(SERVICE, unitOf(runner, user))._commands(),
    beginStep(`'the answer of ${SERVICE}'`),
    ...awaitAnswer(`http://127.0.0.1:${RUNNER_HEALTH_PORT}/healthz`),
  ];
}

function makeUser(user: string): string[] {
  return [`id --user ${user} > /dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin ${user}`];
}

/** Written on the instance, where also those values are known that have to be quoted for systemd (EnvironmentFile in systemd.exec). */
function environmentFile(environment: Readonly<Record<string, string>>): string[] {
  return [
    'variable() { printf \'%s="\' "$1"; printf %s "$2" | sed \'s/["\\\\`$]/\\\\&/g\'; printf \'"\\n\'; }',
    '{',
    ':',
    ...Object.entries(environment).map(([name, value]) => `variable ${name} ${bashWord(value)}`),
    `} | install -D --mode='0600' /dev/stdin ${ENVIRONMENT}`,
  ];
}
