import { Fault } from './fault';

/** What a net holds against a stack. */
export interface Finding {
  readonly text: string;
  /** The net itself broke down, so whatever the text says, it is no judgement. */
  readonly crash?: boolean;
}

/** `by crash`: the net fails, and not for the fault; a fault next to it that is handled a little better would pass. */
export type Verdict = 'caught' | 'by crash' | 'missed';

/** Whether a net has caught the fault, given what it holds against a stack with no other. */
export function verdictOn(fault: Fault, findings: readonly Finding[]): Verdict {
  if (findings.some(finding => !finding.crash && fault.evidence.test(finding.text))) return 'caught';
  return findings.length > 0 ? 'by crash' : 'missed';
}

/** Both validators advise against naming zones; a stack without a fault has to, as without them CDK knows of two zones only. */
export function isAdvice(rule: string): boolean {
  return rule === 'W3010';
}
