/** What `--help` says. */
export const USAGE = `Usage: cdk-fault-tolerance [check] [options] <cloud assembly | template>...

Says what still stands when a zone, an instance, a store's host or a NAT gateway is gone,
answered from CloudFormation templates alone. No account is asked, nothing is deployed.
With 'check': what the rules against single points of failure find (docs/fault-checks.md).

  --region REGION         of templates, which do not say it; of an assembly each stack's own
  --parameter NAME=VALUE  the value of a template's parameter; may be given again
  --assume SUBNET=ZONE    the zone of a subnet that is not in the templates; may be given again
  --context FILE          a cdk.context.json with the zones of looked-up subnets
  --need FLEET=COUNT      how many members have to be in service; may be given again
  --json                  everything, for programs (docs/command.md has the schema)
  --markdown              the table, for a pull request
  --sarif                 findings with their places in the templates (SARIF 2.1.0)
  --html                  a page to look at, in one file
  --explain FAULT COMPONENT  the steps from the fault on, as --json names the two
  --fail-on VERDICTS      lost (default), interrupted, unknown, or several with commas, or none
                          of check: error (default), warning, unknown
  --unknown               of check: what the rules cannot decide, too
  --accept FILE           findings that are accepted, each with its reason (docs/command.md)
  --baseline OLD          another assembly or template: only what is worse than there is a finding
  --help, --version

Exit codes: 0 no finding, 1 findings, 2 something cannot be read.`;
