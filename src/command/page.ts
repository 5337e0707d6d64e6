import * as fs from 'fs';
import * as path from 'path';
import { pageDataOf } from './page-data';
import { printable } from './render';
import { Availability } from '../availability/availability';
import { Simulation } from '../fault-simulation/simulation';

/** Made of report-page/ when the package is compiled. */
const TEMPLATE = path.join(__dirname, '..', '..', 'lib', 'command', 'report-page.html');

/** A page of its own, which asks nothing of any network. */
export function asPage(simulation: Simulation, nines: readonly Availability[], unread: readonly string[]): string {
  const data = JSON.stringify(pageDataOf(simulation, nines, unread), (_, value: unknown) => typeof value === 'string' ? printable(value) : value);
  // nothing in the data ends the element that they stand in
  return fs.readFileSync(TEMPLATE, 'utf8').replace('{"put":"the data here"}', () => data.replace(/</g, '\\u003c'));
}
