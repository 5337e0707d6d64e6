import { CfnElement, CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Held } from './faults';
import { nestedName } from './template/world';

/** The key of a resource, as `Stack/LogicalId`. */
export function keyOfElement(element: CfnElement): string {
  return `${keyOfStack(element.stack)}/${element.stack.resolve(element.logicalId)}`;
}

/** The key of the main resource of a construct. */
export function keyOf(component: IConstruct): string {
  const resource = elementOf(component);
  if (resource) { return keyOfElement(resource); }
  const held = component.node.findAll().filter(one => one !== component && one.node.defaultChild instanceof CfnElement).slice(0, 3);
  const such = held.length === 0 ? '' : `, such as ${held.map(one => `'${one.node.path}'`).join(', ')}`;
  throw new Error(`'${component.node.path}' has no main resource; name one that it holds${such}`);
}

/** The type of the main resource of a construct. */
export function typeOf(component: IConstruct): string | undefined {
  return (elementOf(component) as CfnResource | undefined)?.cfnResourceType;
}

/** What a construct holds: of all that have the same main resource, the outermost. */
export function heldIn(component: IConstruct): readonly Held[] {
  const paths = new Map<string, string>();
  for (const one of component.node.findAll()) {
    const resource = elementOf(one);
    const key = resource && keyOfElement(resource);
    if (key !== undefined && !paths.has(key)) { paths.set(key, one.node.path); }
  }
  return [...paths].map(([key, path]) => ({ key, path }));
}

function elementOf(component: IConstruct): CfnElement | undefined {
  let resource: IConstruct | undefined = component;
  while (resource && !(resource instanceof CfnElement)) { resource = resource.node.defaultChild; }
  return resource;
}

function keyOfStack(stack: Stack): string {
  const parent = stack.nestedStackParent;
  return parent && stack.nestedStackResource
    ? nestedName(keyOfStack(parent), parent.resolve((stack.nestedStackResource as unknown as CfnElement).logicalId)) : stack.stackName;
}
