import { awscdk, javascript, JsonFile, JsonPatch } from 'projen';

const lowestCdk = '2.263.0'; // what is compiled against; the tests run against both ends of the peer range
const newestCdk = '2.276.0';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-fault-tolerance',
  description: 'Constructs for applications on AWS that must stay up, each with a stated promise of what it survives',
  author: 'cdk-fault-tolerance contributors',
  authorAddress: 'maintainers@example.com',
  repositoryUrl: 'https://github.com/example/cdk-fault-tolerance.git',
  keywords: [
    'aws', 'cdk', 'awscdk', 'aws-cdk', 'fault-tolerance', 'high-availability', 'resilience', 'multi-az', 'failover',
    'auto-scaling', 'load-balancer', 'nat-gateway', 'ec2', 'rds', 'sqs', 'dynamodb', 'route53', 'ebs',
  ],
  license: 'Apache-2.0',
  stability: 'experimental',
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  minNodeVersion: '20.16.0',
  workflowNodeVersion: '22',

  cdkVersion: lowestCdk,
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',
  bin: { 'cdk-fault-tolerance': 'bin/cdk-fault-tolerance' },
  bundledDeps: ['yaml@^2'], // templates of others are YAML, and jsii wants what is not jsii's own to travel along
  devDeps: [
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0', // the newest that is published
    '@types/node@^20',
    `aws-cdk-lib-newest@npm:aws-cdk-lib@${newestCdk}`,
    'cdk-nag@3.0.2', // never a peer: jsii would make it a hard dependency of every user
    'esbuild@^0.28', // joins the files of the report page
    'fast-check@^4',
    '@axe-core/playwright@^4', 'playwright-core@^1', // look at the page in a Chromium that is there
    '@microsoft/jest-sarif@1.0.0-beta.0', // the schema of SARIF; there is no later one
    'tsx@^4',
    ...['auto-scaling', 'cloudformation', 'cloudfront', 'cloudwatch', 'dynamodb', 'ec2', 'elastic-load-balancing-v2', 'iam', 'rds', 'route-53', 's3',
      'sns', 'sqs', 'ssm'].map(
      service => `@aws-sdk/client-${service}@^3.1100.0`),
  ],

  bumpPackage: 'commit-and-tag-version@^12', // 13 wants node 22
  depsUpgrade: false,
  githubOptions: { mergify: false },
  docgen: true,
  compatIgnore: 'test/public-api/accepted-changes.txt',
  gitignore: [
    '/.venv/', '/.venv-languages/', '/.jsii.tabl.json', '/cdk.out/', '/demo/out/', '/bench/peers/node_modules/', '/test-reports/',
    '__pycache__/', '.pytest_cache/', '.ruff_cache/', '/.elasticmq/',
  ],
  npmIgnoreOptions: {
    ignorePatterns: [
      '/.ci/', '/.elasticmq/', '/.venv/', '/.venv-languages/', '/.jsii.tabl.json', '/bench/', '/build-tools/', '/cdk.out/', '/demo/', '/docs/', '/integ/',
      '/report-page/', '/rosetta/', '/test-reports/', '/ruff.toml', '/tsconfig.dev.json', '/tsconfig.newest.json', '/.npmrc', '/CONTRIBUTING.md', '__pycache__/',
      '.pytest_cache/', '.ruff_cache/',
    ],
  },

  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    configFilePath: 'jest.config.json',
    junitReporting: false, // the layers read jest's own JSON
    jestConfig: {
      collectCoverage: false, // it doubles the time, and a line that ran is not a line that was checked
      roots: ['<rootDir>/src', '<rootDir>/test'],
      setupFiles: ['<rootDir>/build-tools/jest-setup.ts'],
      maxWorkers: '100%',
      testTimeout: 60_000, // ends what hangs; a slow machine is no failure
    },
  },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['report-page', 'test', 'integ', 'bench', 'demo', 'build-tools'],
    // one TypeScript program for all folders; the project service wants a tsconfig.json in each
    tsconfigPath: './tsconfig.dev.json',
    projectService: false,
    commandOptions: { fix: false, extraArgs: ['--max-warnings=0'] }, // `npx projen eslint --fix` when it should mend
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
// publib finds the public registry by itself
project.tryFindObjectFile('.github/workflows/release.yml')?.patch(JsonPatch.remove('/jobs/release_npm/steps/9/env/NPM_REGISTRY'));

// What is not listed cannot be imported, so no path inside lib/ becomes API by accident.
project.package.addField('exports', {
  '.': './lib/index.js',
  './nag': './lib/fault-checks/nag.js', // for those who have cdk-nag 3
  './package.json': './package.json',
  './.jsii': './.jsii',
  './.warnings.jsii.js': './.warnings.jsii.js',
});

// ts-jest only transpiles, so this is what type-checks the tests and tools.
new JsonFile(project, 'tsconfig.dev.json', {
  obj: {
    extends: './tsconfig.json',
    // the report page is for a browser; that nothing else is, jsii sees to for src/
    compilerOptions: { noEmit: true, rootDir: '.', lib: ['es2022', 'dom', 'dom.iterable'] },
    include: ['.projenrc.ts', ...['src', 'report-page', 'test', 'integ', 'bench', 'demo', 'build-tools'].map(folder => `${folder}/**/*.ts`)],
    exclude: ['node_modules'],
  },
});

// The same with aws-cdk-lib of the other end of the peer range.
new JsonFile(project, 'tsconfig.newest.json', {
  obj: {
    extends: './tsconfig.dev.json',
    compilerOptions: {
      paths: {
        'aws-cdk-lib': ['./node_modules/aws-cdk-lib-newest'],
        'aws-cdk-lib/*': ['./node_modules/aws-cdk-lib-newest/*'],
      },
    },
  },
});

project.compileTask.exec('tsx build-tools/lazy-index.ts');
project.compileTask.exec('tsx build-tools/report-page.ts');
project.testTask.reset('tsx build-tools/test-layers.ts', { receiveArgs: true });

const examples = project.addTask('examples', { description: 'Compile every example of the API, the README and docs/' });
examples.exec('jsii-rosetta extract --strict');
examples.exec('tsx build-tools/check-doc-examples.ts');

const record = project.addTask('public-api:record', { description: 'Accept the current API and logical ids as the new baseline' });
record.spawn(project.compileTask);
record.exec('tsx test/public-api/record.ts');
record.exec('tsx build-tools/recovery-times.ts');
record.exec('tsx build-tools/availability.ts');
record.exec('tsx build-tools/fault-checks.ts');

const demo = project.addTask('demo', {
  description: 'Make a site in three tiers in the emulator, and show what stands in each zone',
  env: { JSII_DEPRECATED: 'quiet' }, // what aws-cdk-lib says of its own insides
});
demo.exec('tsx build-tools/report-page.ts');
demo.exec('tsx demo/main.ts', { receiveArgs: true });

project.addTask('bench', { description: 'Compare against the baselines', exec: 'tsx bench/main.ts', receiveArgs: true });
project.addTask('bench:network-lab', {
  description: 'How long applications are without a way out when a NAT instance fails',
  exec: '.venv/bin/python bench/network-lab/network_lab_bench.py',
  receiveArgs: true,
});
project.addTask('bench:queue-scaling', {
  description: 'Simulate a queue and its workers under several scaling policies', exec: 'tsx bench/queue-scaling/main.ts', receiveArgs: true,
});

const noMessageLost = project.addTask('bench:no-message-lost', { description: 'Kill workers a thousand times over twenty thousand messages, and count them' });
// the standard library is enough for it
noMessageLost.exec('python3 -B test/no-message-lost/main.py --messages 20000 --kills 1000 --seconds 520', { receiveArgs: true });

project.eslint?.addRules({
  'eqeqeq': 'error',
  'prefer-const': 'error',
  '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/prefer-readonly': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': 'error',
});
project.eslint?.addOverride({
  files: ['src/**/*.ts'],
  rules: {
    'no-console': 'error',
    '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as', objectLiteralTypeAssertions: 'never' }],
    '@typescript-eslint/explicit-member-accessibility': ['error', { overrides: { constructors: 'no-public' } }],
    '@typescript-eslint/no-non-null-assertion': 'error',
    'import/no-restricted-paths': ['error', { zones: forbiddenImports() }],
  },
});

project.synth();

/** The arrows between the folders of src/: whoever draws a new one meets this list first. */
function forbiddenImports() {
  const shelves = ['instance', 'zone', 'site', 'data'].map(loss => `src/survives-${loss}-loss`);
  const readers = ['src/fault-simulation', 'src/availability', 'src/fault-checks', 'src/command']; // they read CloudFormation, whoever wrote it
  const builders = [...shelves, 'src/reference-architectures'];
  const all = [...builders, ...readers, 'src/launch-templates', 'src/fault-experiments'];
  return [
    ...shelves.map(shelf => ({
      target: shelf,
      from: builders.filter(other => other !== shelf),
      message: 'Shelves do not import each other; an interface in src/shared joins two where needed.',
    })),
    { target: 'src/launch-templates', from: [...builders, ...readers], message: 'A launch template does not know who launches it.' },
    { target: readers, from: [...builders, 'src/launch-templates'], message: 'Simulation and checks read templates, never our classes.' },
    { target: ['src/fault-simulation', 'src/availability'], from: ['src/fault-checks', 'src/command'], message: 'Who asks the simulation is none of its business.' },
    { target: 'src/shared', from: all, message: 'Everything rests on src/shared, so it rests on nothing.' },
  ];
}
