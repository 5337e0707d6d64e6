import * as fs from 'fs';
import * as path from 'path';
import { Fetch } from './fetched-file';
import { tarOf } from './tar';

/** Where the programs of this package lie: beside lib/ when it is installed, beside src/ before it is compiled. */
const PROGRAMS = path.join(__dirname, '..', '..', 'instance-programs');

/** Where they lie on an instance. */
export const PROGRAMS_ON_INSTANCE = '/opt/cdk-fault-tolerance';

/** What comes about where a program is run, and would give each machine an archive of its own. */
const LEFT_OUT = /^(__pycache__|\..*)$/;

/** A program and what all programs share, as an archive whose bytes depend on nothing but their content. */
export function programArchive(program: string): Buffer {
  return tarOf(['common', program].flatMap(folder => filesIn(folder)).map(name => ({ name, content: fs.readFileSync(path.join(PROGRAMS, name)) })));
}

/** The commands that unpack such an archive, given as a word of bash: by Python, which runs the program too, as not each image has tar. */
export function unpackCommands(archive: string): string[] {
  return [`mkdir --parents ${PROGRAMS_ON_INSTANCE}`, `python3 -m tarfile -e ${archive} ${PROGRAMS_ON_INSTANCE}`];
}

/** The commands that fetch such an archive and unpack it. */
export function installCommands(fetch: Fetch): string[] {
  return ['programs=$(mktemp)', fetch('"$programs"'), ...unpackCommands('"$programs"'), 'rm "$programs"'];
}

/**
 * A program that never answers (its configuration, its interface, a bug) powers the instance off, so that a rollout of such goes no further
 * than its first instance. That it answers is enough: what it says may be for reasons outside of the instance, and a new one would be no
 * better off.
 */
export function awaitAnswer(url: string): string[] {
  return [
    `answers() { curl --silent --output /dev/null --max-time 2 ${url}; }`,
    'for _ in {1..48}; do answers && break; sleep 5; done',
    'answers',
  ];
}

function filesIn(folder: string): string[] {
  return fs.readdirSync(path.join(PROGRAMS, folder), { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.test(name))
    .sort((a, b) => a.name < b.name ? -1 : 1)
    .flatMap(entry => entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]);
}
