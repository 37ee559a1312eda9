import { BlockList, isIP, isIPv6 } from 'node:net';

let blocked: BlockList | undefined;
const subnets = [
  // This host, private networks, shared and link-local addresses (cloud metadata among them).
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16',
  // Reserved, documentation, benchmarks, multicast, broadcast.
  '192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 ' +
    '224.0.0.0/3',
  // The same in IPv6, and addresses that contain an IPv4 address.
  '::/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 ' +
    '3fff::/20 5f00::/16 fc00::/7 fe80::/9 ff00::/8',
];
/** Whether an address belongs to this computer or a network that only it can reach. */
export function isPrivateAddress(address: string): boolean {
  const [bare = ''] = address.split('%');
  if (isIP(bare) === 0) return true;
  // A BlockList knows that ::ffff:127.0.0.1 is 127.0.0.1.
  blocked ??= createBlockList();
  return blocked.check(bare, isIPv6(bare) ? 'ipv6' : 'ipv4');
}

function createBlockList(): BlockList {
  const list = new BlockList();
  for (const subnet of subnets.join(' ').split(' ')) {
    const [address = '', prefix] = subnet.split('/');
    list.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
