import * as path from 'path';
import { IPolicyValidationContext, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { readStack } from './template/read';
import { StackInput } from './template/world';

/** A stack whose template a plugin of CDK's validation is handed. */
export interface HandedStack {
  readonly input: StackInput;
  readonly templatePath: string;
}

/** The stacks of the templates, with the names and Regions that their constructs have; nested templates are read from beside them. */
export function handedStacks({ stackTemplates, appConstruct }: IPolicyValidationContext): HandedStack[] {
  const stacks = appConstruct.node.findAll().filter((node: IConstruct): node is Stack => Stack.isStack(node));
  return stackTemplates.map(({ stackConstructPath, templatePath }) => {
    const stack = stacks.find(({ node }) => node.path === stackConstructPath);
    const region = stack && !Token.isUnresolved(stack.region) ? stack.region : undefined;
    return { input: readStack(templatePath, stack?.stackName ?? path.basename(templatePath), region), templatePath };
  });
}
