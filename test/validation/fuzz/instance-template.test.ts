import { Fn, Size, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { integer, mostly, optional } from './inputs';
import { Bootstrap, BootstrapFile, BootstrapService, DataVolume, InstanceTemplate, MultiAzWebTier, WebEndpoint } from '../../../src';
import { env, networkOf } from '../../helpers/network';

const lists = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 3 });

const types = mostly(
  fc.constantFrom('m7i.large', 'm6i.large', 't3.micro', 'c5.metal', 'u-6tb1.metal'),
  fc.constantFrom('m7g.large', 'a1.medium'),
).map(name => new ec2.InstanceType(name));

/** Not `resolveSsmParameterAtLaunch`: aws-cdk-lib's own validation has no format for what its construct writes then (E1152). */
const images = fc.constantFrom(
  ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
  ec2.MachineImage.fromSsmParameter('/shop/image'),
  ec2.MachineImage.latestAmazonLinux2023(),
);

const paths = mostly(fc.webPath().map(path => `/etc${path.replace(/\/+$/, '')}`), fc.string());
const options = fc.record({
  owner: mostly(fc.constantFrom('nginx', 'root'), fc.string()),
  group: mostly(fc.constantFrom('nginx', 'root'), fc.string()),
  mode: mostly(fc.constantFrom('0600', '755'), fc.string()),
}, { requiredKeys: [] });
/** Some over the limit of user data. */
const texts = fc.oneof(fc.string({ unit: 'binary' }).map(text => text.replaceAll('\0', '')), fc.constant('#'.repeat(16_400)), fc.constant('${Given}'));

const files = fc.oneof(
  fc.tuple(paths, texts, options).map(given => (value: string) => BootstrapFile.inline(given[0], given[1].replace('${Given}', value), given[2])),
  fc.tuple(paths, mostly(fc.constant(__filename), fc.constantFrom(__dirname, '/not/there')), options).map(given => () => BootstrapFile.fromLocalFile(...given)),
);

const names = mostly(fc.constantFrom('nginx', 'shop', 'shop@1.service', 'a.timer'), fc.string());
const services = fc.oneof(names.map(BootstrapService.installed), fc.tuple(names, texts).map(given => BootstrapService.fromUnit(...given)));

const bootstraps = fc.record({
  packages: lists(mostly(fc.constantFrom('nginx', 'nginx-1.*', '@development'), fc.string())),
  files: lists(files),
  commands: lists(texts),
  services: fc.uniqueArray(services, { maxLength: 2, selector: ({ name }) => name }),
}, { requiredKeys: [] });

const volumes: fc.Arbitrary<(key: kms.IKey) => DataVolume> = fc.record({
  deviceName: mostly(fc.constantFrom('/dev/sdf', '/dev/sdg', '/dev/sdh'), fc.constantFrom('sdf', '/dev/xvda')),
  size: mostly(fc.integer({ min: 8, max: 16_384 }).map(Size.gibibytes), fc.integer({ min: 0, max: 10_000 }).map(Size.mebibytes)),
  iops: optional(integer(3000, 4000)),
  throughput: optional(integer(125, 750)),
  encrypted: fc.boolean(),
}).map(({ encrypted, ...volume }) => key => ({ ...volume, encryptionKey: encrypted ? key : undefined }));

const templates = fc.record({
  stock: fc.boolean(),
  fixedRegion: fc.boolean(),
  machineImage: images,
  bootstrap: optional(bootstraps),
  commands: optional(texts),
  dataVolumes: optional(lists(volumes)),
  props: fc.record({
    instanceType: types,
    furtherInstanceTypes: optional(fc.uniqueArray(types, { maxLength: 3, selector: String })),
    spotPercentAboveMinimum: optional(integer(0, 100)),
    metadataHopLimit: optional(mostly(fc.constantFrom(1, 2), fc.integer())),
  }),
});

type Given = typeof templates extends fc.Arbitrary<infer T> ? T : never;

function templateIn(stack: Stack, { stock, machineImage, bootstrap: given, commands, dataVolumes, props }: Given): InstanceTemplate {
  const key = new kms.Key(stack, 'Key', { enableKeyRotation: true });
  const bootstrap = given && new Bootstrap({ ...given, files: given.files?.map(file => file(Fn.importValue('Given'))) });
  const userData = commands === undefined ? undefined : ec2.UserData.forLinux();
  userData?.addCommands(commands ?? '');
  const common = { ...props, userData, dataVolumes: dataVolumes?.map(volume => volume(key)) };
  return stock && bootstrap
    ? InstanceTemplate.fromAmazonLinux2023({ ...common, bootstrap })
    : InstanceTemplate.fromMachineImage({ ...common, machineImage, bootstrap });
}

test('InstanceTemplate synthesizes whatever it is given without a finding, or refuses as promised', () => {
  fuzz(templates, given => isAccepted(stack => {
    const vpc = networkOf(stack);
    const instanceTemplate = templateIn(stack, given);
    refusedWhole(stack, 'Web', () => new MultiAzWebTier(stack, 'Web', { vpc, instanceTemplate, endpoint: WebEndpoint.internalHttp() }));
  }, given.fixedRegion ? { env } : {}));
});
