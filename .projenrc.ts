import { awscdk, javascript } from 'projen';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-fault-tolerance',
  description: 'Constructs for applications on AWS that must stay up, each with a stated promise of what it survives',
  author: 'cdk-fault-tolerance contributors',
  authorAddress: 'maintainers@example.com',
  repositoryUrl: 'https://github.com/example/cdk-fault-tolerance.git',
  keywords: [
    'aws', 'cdk', 'awscdk', 'aws-cdk', 'fault-tolerance', 'high-availability', 'resilience', 'multi-az', 'failover',
    'auto-scaling', 'load-balancer', 'nat-gateway', 'ec2',
  ],
  license: 'Apache-2.0',
  stability: 'experimental',
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  minNodeVersion: '20.16.0',
  workflowNodeVersion: '22',

  cdkVersion: '2.263.0', // lower end of the peer range: what is compiled against
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',
  devDeps: [
    '@types/node@^20',
    'aws-cdk-lib-newest@npm:aws-cdk-lib@2.276.0', // the tests run against both ends of the peer range
    'cdk-nag@3.0.2', // never a peer: jsii would make it a hard dependency of every user
    'fast-check@^4',
    'tsx@^4',
    ...['auto-scaling', 'cloudformation', 'cloudwatch', 'ec2', 'elastic-load-balancing-v2', 'iam', 's3', 'sns', 'ssm'].map(
      service => `@aws-sdk/client-${service}@^3.1100.0`),
  ],

  bumpPackage: 'commit-and-tag-version@^12', // 13 wants node 22
  depsUpgrade: false,
  githubOptions: { mergify: false },
  gitignore: ['/.venv/', '/cdk.out/', '/demo/out/', '/bench/node_modules/', '__pycache__/', '.pytest_cache/', '.ruff_cache/'],
  docgen: true,
  rosettaOptions: { strict: true },
  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    configFilePath: 'jest.config.json',
  },

  publishToPypi: { distName: 'cdk-fault-tolerance', module: 'cdk_fault_tolerance' },
  publishToMaven: {
    javaPackage: 'io.github.example.cdkfaulttolerance',
    mavenGroupId: 'io.github.example',
    mavenArtifactId: 'cdk-fault-tolerance',
  },
  publishToNuget: { dotNetNamespace: 'CdkFaultTolerance', packageId: 'CdkFaultTolerance' },
  publishToGo: { moduleName: 'github.com/example/cdk-fault-tolerance-go', packageName: 'cdkfaulttolerance' },
});

// one binding per platform must be in the registry, or npm ci rejects the lock file
project.package.addPackageResolutions('unrs-resolver@1.12.2');
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');

project.synth();
