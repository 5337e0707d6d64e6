import { haNatPerAz } from './ha-nat-per-az';
import { multiAzWebTier } from './multi-az-web-tier';
import { Subject } from './subject';
import { FirstSite } from '../../../demo/first-site';
import { env } from '../network';

/** Each construct in each of its ways, and each architecture. A new construct or architecture is entered here. */
export const subjects: readonly Subject[] = [
  ...haNatPerAz,
  ...multiAzWebTier,
  { name: 'FirstSite', build: app => new FirstSite(app, 'FirstSite', { env }) },
];
