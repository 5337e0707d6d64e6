import { RawOutput, RawParameter, RawResource, RawTemplate } from './world';

type Fields = Readonly<Record<string, unknown>>;

/** A template of which every part has the shape that it should have: what has not is as if it were not there. */
export function shaped(template: RawTemplate): RawTemplate {
  const { Parameters, Mappings, Conditions, Resources, Outputs, Transform, Globals } = fieldsOf(template) as RawTemplate;
  return {
    Parameters: each(Parameters, parameterOf),
    Mappings: each(Mappings, map => each(map, values => values)),
    Conditions: fieldsOf(Conditions),
    Resources: each(Resources, resourceOf),
    Outputs: each(Outputs, outputOf),
    Transform,
    Globals: fieldsOf(Globals),
  };
}

function parameterOf(parameter: Fields): RawParameter {
  return { ...parameter, Type: textOf(parameter.Type), AllowedValues: listOf(parameter.AllowedValues) };
}

function outputOf({ Value, Export }: Fields): RawOutput {
  return { Value, Export: Export === undefined ? undefined : fieldsOf(Export) };
}

function resourceOf(resource: Fields): RawResource {
  return {
    ...resource,
    Type: resource.Type as string, // what is none is named where resources are made of it
    Properties: fieldsOf(resource.Properties),
    Condition: textOf(resource.Condition),
    DeletionPolicy: textOf(resource.DeletionPolicy),
    Metadata: fieldsOf(resource.Metadata),
  };
}

function each<T>(section: unknown, change: (entry: Fields) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(fieldsOf(section)).map(([name, entry]) => [name, change(fieldsOf(entry))]));
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
