import { InstalledPackage } from './installed-package';

describe('the installed package', () => {
  let installed: InstalledPackage;
  let names: string[];
  beforeAll(() => {
    installed = new InstalledPackage();
    names = installed.evaluate<string[]>("console.log(JSON.stringify(Object.keys(require('cdk-fault-tolerance'))))");
  });
  afterAll(() => installed.remove());

  test('exports something', () => {
    expect(names).not.toEqual([]);
  });

  describe('when required', () => {
    test('loads only its index', () => {
      const loaded = installed.evaluate<string[]>("require('cdk-fault-tolerance'); console.log(JSON.stringify(Object.keys(require.cache)))");

      expect(loaded).toEqual([`${installed.folder}/lib/index.js`]);
    });

    test('loads on first touch of a name what its own file needs, and no more', () => {
      installed.write('touch.js', `
        const fs = require('fs');
        const index = require.resolve('cdk-fault-tolerance');
        const ours = require('path').dirname(index);
        function loadedBy(work) {
          for (const file of Object.keys(require.cache).filter(file => file.startsWith(ours))) delete require.cache[file];
          work();
          return Object.keys(require.cache).filter(file => file.startsWith(ours) && file !== index).sort();
        }
        const lines = [...fs.readFileSync(index, 'utf8').matchAll(/require\\('(.+)'\\)\\.(\\w+)\\)/g)];
        console.log(JSON.stringify(lines.map(([, file, name]) => ({
          name,
          byTouch: loadedBy(() => require(index)[name]),
          byItsFile: loadedBy(() => require(require('path').join(ours, file))),
        }))));
      `);
      const touched = JSON.parse(installed.node('touch.js')) as { name: string; byTouch: string[]; byItsFile: string[] }[];

      expect(touched.map(touch => touch.name)).toEqual(names);
      touched.forEach(({ byTouch, byItsFile }) => expect(byTouch).toEqual(byItsFile));
    });

    test('gives the same class each time', () => {
      const same = installed.evaluate<boolean[]>(`
        const all = require('cdk-fault-tolerance');
        console.log(JSON.stringify(Object.keys(all).map(name => all[name] !== undefined && all[name] === all[name])));
      `);

      expect(same).toEqual(names.map(() => true));
    });
  });

  describe('as a command', () => {
    const template = JSON.stringify({ Resources: { Fleet: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: 'eu-west-1a' } } } });

    test('runs, and loads neither aws-cdk-lib nor cdk-nag', () => {
      installed.write('template.json', template);
      const code = `
        const [log, printed] = [console.log, []];
        console.log = text => printed.push(text);
        process.argv.splice(1, process.argv.length, 'cdk-fault-tolerance', 'template.json', '--json');
        require('./node_modules/cdk-fault-tolerance/bin/cdk-fault-tolerance');
        const loaded = Object.keys(require.cache).filter(file => /aws-cdk-lib|cdk-nag|node_modules.constructs/.test(file));
        log(JSON.stringify({ printed: JSON.parse(printed[0]), loaded }));`;
      expect(installed.evaluate(code)).toMatchObject({ printed: { version: 1, faults: ['zone:eu-west-1a'], components: [{ id: 'template/Fleet', isService: false }] }, loaded: [] });
    });
  });

  describe('as a pack of cdk-nag', () => {
    const load = "require('cdk-fault-tolerance/nag')";
    const withoutNag = `require('module')._resolveFilename = (resolve => (name, ...rest) => {
      if (name === 'cdk-nag') throw new Error("Cannot find module 'cdk-nag'");
      return resolve(name, ...rest);
    })(require('module')._resolveFilename);`;

    test('is a NagPack of the cdk-nag that is there', () => {
      expect(installed.evaluate(`console.log(JSON.stringify(new (${load}.FaultToleranceChecks)() instanceof require('cdk-nag').NagPack))`)).toBe(true);
    });

    test('says what to do where there is none', () => {
      const code = `${withoutNag} try { ${load}; } catch (error) { console.log(JSON.stringify(error.message)); }`;
      expect(installed.evaluate(code)).toBe("cdk-fault-tolerance/nag takes cdk-nag 3; run: npm install cdk-nag@3 (Cannot find module 'cdk-nag')");
    });
  });

  describe('when imported by an ES module', () => {
    // Here all our files do load: node reads every getter of a CommonJS module to fill the namespace. What must not load is what
    // none of our own exports needs.
    test('has every export under its name, and does not load cdk-nag', () => {
      installed.write('app.mjs', `
        import { createRequire } from 'module';
        import { ${names.join(', ')} } from 'cdk-fault-tolerance';
        const nag = Object.keys(createRequire(import.meta.url).cache).filter(file => file.includes('/cdk-nag/'));
        console.log(JSON.stringify({ undefinedNames: Object.entries({ ${names.join(', ')} }).filter(([, value]) => !value), nag }));
      `);

      expect(JSON.parse(installed.node('app.mjs'))).toEqual({ undefinedNames: [], nag: [] });
    });
  });

  describe('when used from TypeScript', () => {
    const strict = { strict: true, target: 'es2022', types: [], skipLibCheck: true };
    beforeAll(() => installed.write('consumer.ts', `
      import { ${names.join(', ')} } from 'cdk-fault-tolerance';
      const all: Record<string, unknown> = { ${names.join(', ')} };
      export default Object.keys(all);
      declare const console: { log(text: string): void };
      console.log(JSON.stringify(Object.keys(all)));
    `));

    test('compiles with node16 resolution, and runs', () => {
      installed.compile({ compilerOptions: { ...strict, module: 'node16' }, files: ['consumer.ts'] });

      expect(JSON.parse(installed.node('consumer.js'))).toEqual(names);
    });

    test('compiles with bundler resolution', () => {
      const bundler = { module: 'esnext', moduleResolution: 'bundler', noEmit: true };

      expect(() => installed.compile({ compilerOptions: { ...strict, ...bundler }, files: ['consumer.ts'] })).not.toThrow();
    });

    test('has the types of the pack of cdk-nag', () => {
      installed.write('pack.ts', "import { FaultToleranceChecks } from 'cdk-fault-tolerance/nag';\nexport const pack: { readonly name: string } = new FaultToleranceChecks();\n");
      expect(() => installed.compile({ compilerOptions: { ...strict, module: 'node16', noEmit: true }, files: ['pack.ts'] })).not.toThrow();
    });

    test('does not compile with a name that is not exported', () => {
      installed.write('wrong.ts', "import { NoSuchConstruct } from 'cdk-fault-tolerance';\nexport default NoSuchConstruct;\n");

      expect(() => installed.compile({ compilerOptions: { ...strict, module: 'node16', noEmit: true }, files: ['wrong.ts'] }))
        .toThrow("has no exported member 'NoSuchConstruct'");
    });
  });

  test.each(['lib/index.js', 'lib/survives-zone-loss/ha-nat-per-az', 'instance-programs'])('refuses the deep import of %s', deep => {
    expect(() => installed.evaluate(`require('cdk-fault-tolerance/${deep}')`)).toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
