/**
 * Commands in bash as a script that fails loudly: the first command that fails ends it, one line on the console and in the
 * journal says in which step, and the machine powers off.
 *
 * An instance that is not running is unhealthy for EC2 Auto Scaling also within the grace period, so it is replaced at once; and
 * one that is half made never serves. (Not by signals to CloudFormation: those reach a deployment, not a replacement at night.)
 * The line is kept in a file since a subshell, in which the commands of the user run, cannot set a variable for the script.
 */
export function loudScript(lines: readonly string[]): string {
  return [FRAME, ...lines].join('\n');
}

/** The line that a step begins with. */
export function beginStep(word: string): string {
  return `step=${word}`;
}

/** Commands that may set traps and options as they like: these end with the subshell, and a failure is one of the script. Comments alone are fine. */
export function ownCommands(commands: string): string {
  return `(\n:\n${commands}\n)`;
}

/** After it nothing powers the machine off any more. */
export const SUCCESS = ['trap - EXIT ERR', "say 'the bootstrap is complete'"];

const FRAME = `#!/bin/bash
set -Eeuo pipefail
step=start
failed_at=/dev/null
say() {
  tee /dev/console <<< "cdk-fault-tolerance: $1" >&2 || true
  logger --tag cdk-fault-tolerance "$1" || true
}
failed() {
  local status=$? line
  set +e
  line=$(< "$failed_at")
  say "the bootstrap failed in the step '$step' at line \${line:-unknown} with exit status $status; the machine powers off, to be replaced"
  shutdown -P now || poweroff --force
}
retry() {
  local pause
  for pause in 5 10 20 40; do
    "$@" && return
    sleep "$pause"
  done
  "$@" || return
}
trap '[ -s "$failed_at" ] || echo "$LINENO" > "$failed_at"' ERR
trap failed EXIT
failed_at=$(mktemp)`;
