import { Duration } from 'aws-cdk-lib';
import { AvailabilityOptions, ServiceAvailability } from './service-availability';
import { Assumptions, assumptionsWith, Availability } from '../availability/availability';
import { downtimeOf, inPercent, inWords, ninesOf } from '../availability/words';

/** Of options, with the defaults. */
export function toAssumptions({ faultRates, timeToRepair, uncertaintyFactor }: AvailabilityOptions): Assumptions {
  return assumptionsWith(faultRates, timeToRepair?.toSeconds({ integral: false }), uncertaintyFactor);
}

/** The same with CDK's durations. */
export function toServiceAvailability({ levels, costs, assumptions, ...figures }: Availability): ServiceAvailability {
  const { lower, expected, upper } = figures;
  return {
    ...figures,
    levels: levels.map(({ service: name, level }) => ({ service: name, availability: level.availability, isConfirmed: level.confirmed })),
    nines: ninesOf(expected),
    downtimePerYear: Duration.seconds(Math.round(downtimeOf(expected))),
    description: `${inPercent(expected)}, ${inWords(downtimeOf(expected))} a year (${inPercent(lower)} to ${inPercent(upper)})`,
    costs: costs.map(({ fault, secondsPerYear }) => ({ fault, downtimePerYear: Duration.seconds(Math.round(secondsPerYear)) })),
    assumptions: [...assumptions],
  };
}
