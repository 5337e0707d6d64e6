import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { FULL_WIDTH } from './alarm-overview';

/**
 * Widgets, one below the other, of which it is asked as late as can be: CDK wants to know how high a widget is, and what is in it,
 * only at the end of synthesis. Part of `FaultDashboard`, not exported.
 */
export class LateWidgets implements cloudwatch.IWidget {
  public readonly width = FULL_WIDTH;
  private placed = new cloudwatch.Column();

  constructor(private readonly shown: () => cloudwatch.IWidget[]) {}

  public get height(): number {
    return this.column().height;
  }

  public position(x: number, y: number): void {
    this.placed = this.column();
    this.placed.position(x, y);
  }

  public toJson(): object[] {
    return this.placed.toJson();
  }

  private column(): cloudwatch.Column {
    return new cloudwatch.Column(...this.shown());
  }
}
