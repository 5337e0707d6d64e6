import { nameOfFunction } from './functions';
import { at, listOf, Reference } from './template/value';
import { Resource } from './template/world';
import { nameOfRecord, recordsOf, Topology } from './topology';

/**
 * Resources that have to do with each other in any way: what a fault in one does stays among them.
 *
 * They are those that a chain of references joins, and records of one name.
 */
export class Islands {
  private readonly parents = new Map<string, string>();
  private readonly members = new Map<string, Resource[]>();

  /**
   * @param resources all by which others are joined
   * @param active those that can be otherwise under a fault
   */
  constructor(resources: readonly Resource[], active: readonly Resource[], topology: Topology) {
    const hosts = hostsNamedBy(resources);
    for (const resource of resources) {
      for (const other of topology.mentionedBy(resource)) { this.join(resource.key, other); }
      for (const shared of [...sharedNames(resource), ...hosts(resource)]) { this.join(resource.key, shared); }
    }
    for (const resource of active) {
      const island = this.find(resource.key);
      const list = this.members.get(island);
      if (list) { list.push(resource); } else { this.members.set(island, [resource]); }
    }
  }

  /** All that has to do with a resource, itself among them. */
  public of(key: string): readonly Resource[] {
    return this.members.get(this.find(key)) ?? [];
  }

  private join(one: string, other: string): void {
    this.parents.set(this.find(one), this.find(other));
  }

  private find(key: string): string {
    let root = key;
    for (let parent = this.parents.get(root); parent !== undefined && parent !== root; parent = this.parents.get(root)) { root = parent; }
    // what was passed on the way gets there directly the next time
    for (let passed = key; passed !== root;) {
      const next = this.parents.get(passed) ?? root;
      this.parents.set(passed, root);
      passed = next;
    }
    return root;
  }
}

/** What joins resources that do not refer to each other: the name of a record or a function, an address, a network that is not in the templates. */
function sharedNames(resource: Resource): string[] {
  const { VpcId: vpc, PrivateIpAddress: address, Targets: targets, FunctionName: lambda } = resource.properties;
  const named = lambda === undefined ? undefined : nameOfFunction(lambda);
  return [
    ...named === undefined ? [] : [`function ${named}`],
    ...recordsOf(resource).map(record => `name ${nameOfRecord(record)}`),
    ...[address, ...listOf(targets).map(target => at(target, 'Id'))].flatMap(value => typeof value === 'string' ? [`address ${value}`] : []),
    ...vpc === undefined || vpc instanceof Reference ? [] : [`network ${JSON.stringify(vpc)}`],
  ];
}

/** Types in whose texts a host may be called by its name. */
const CALLERS = /^AWS::(AutoScaling::LaunchConfiguration|CloudFront::Distribution|EC2::(Instance|LaunchTemplate)|ECS::TaskDefinition|Lambda::Function|Route53::RecordSet(Group)?|SSM::Parameter)$/;

/** For a resource, the names of records that stand in its texts. */
function hostsNamedBy(resources: readonly Resource[]): (resource: Resource) => readonly string[] {
  const names = resources.flatMap(recordsOf).flatMap(({ properties: { Name: name } }) => typeof name === 'string' ? [name.replace(/\.$/, '')] : []);
  if (names.length === 0) { return () => []; }
  const pattern = new RegExp([...new Set(names)].sort((one, other) => other.length - one.length).map(name => name.replace(/[^\w-]/g, '\\$&')).join('|'), 'gi');
  return ({ type, properties, init }) => CALLERS.test(type)
    ? [...JSON.stringify([properties, init]).matchAll(pattern)].map(([name]) => `host ${name.toLowerCase()}`) : [];
}
