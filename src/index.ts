export * from './survives-zone-loss/ha-nat-per-az';
export * from './survives-zone-loss/multi-az-web-tier';
export * from './survives-zone-loss/web-endpoint';
export * from './survives-zone-loss/web-health-check';
export * from './survives-zone-loss/web-scaling';
export * from './launch-templates/instance-template';
