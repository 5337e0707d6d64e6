import { createServer, Server } from 'http';
import { AddressInfo } from 'net';

/** What the metadata service says on an instance of the emulator, with a role of the account by whose number moto knows it. */
export async function metadataServiceOf(instanceId: string, account: string): Promise<{ readonly port: number; readonly stop: () => void }> {
  const answers: Record<string, string> = {
    '/latest/api/token': 'token',
    '/latest/meta-data/instance-id': instanceId,
    '/latest/meta-data/autoscaling/target-lifecycle-state': 'InService',
    '/latest/meta-data/iam/security-credentials/': 'role',
    '/latest/meta-data/iam/security-credentials/role': JSON.stringify({
      Code: 'Success', AccessKeyId: account, SecretAccessKey: 'emulator', Token: 'token', Expiration: '2099-01-01T00:00:00Z',
    }),
  };
  const server: Server = createServer(({ url = '' }, response) => response.writeHead(url in answers ? 200 : 404).end(answers[url]));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, stop: () => { server.closeAllConnections(); server.close(); } };
}
