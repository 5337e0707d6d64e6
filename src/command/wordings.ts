/** The rows of the picture, from the users down. */
export const TIERS = ['Names and edge', 'Entry', 'Compute', 'Messages', 'Data', 'Network', 'Others'] as const;

/** What is said where there is nothing to look at. */
export const NO_SERVICES = 'no service of the application is in these templates: no public name, balancer, distribution, API, address or queue with workers';
