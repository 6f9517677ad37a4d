package io.tuneplane.backend.openai;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;

/// Tells public addresses from those of this machine, its networks and the clouds' metadata
/// services. A name may resolve to anything, and to something else a second later, so it is the
/// address that a socket is about to connect to which is judged. Ranges: IANA's special-purpose
/// address registries (RFC 6890 and its updates).
final class AddressGuard {

  private static final List<Range> NOT_PUBLIC =
      List.of(
          range("0.0.0.0", 8),
          range("10.0.0.0", 8),
          range("100.64.0.0", 10),
          range("127.0.0.0", 8),
          range("169.254.0.0", 16),
          range("172.16.0.0", 12),
          range("192.0.0.0", 24),
          range("192.0.2.0", 24),
          range("192.88.99.0", 24),
          range("192.168.0.0", 16),
          range("198.18.0.0", 15),
          range("198.51.100.0", 24),
          range("203.0.113.0", 24),
          range("224.0.0.0", 3),
          range("::", 96),
          range("64:ff9b::", 96),
          range("64:ff9b:1::", 48),
          range("100::", 64),
          range("2001::", 23),
          range("2001:db8::", 32),
          range("2002::", 16),
          range("fc00::", 7),
          range("fe80::", 9),
          range("ff00::", 8));

  private final Set<InetAddress> allowed;

  /// @param allowed addresses that are not public and may be connected to all the same
  AddressGuard(Set<InetAddress> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /// @throws AddressRefusedException if this address is neither public nor allowed
  void check(InetAddress address) throws AddressRefusedException {
    if (!isPublic(address) && !allowed.contains(address)) {
      throw new AddressRefusedException(
          address.getHostAddress()
              + " is not a public address; if it is meant, name it in the setting"
              + " openai.private_addresses");
    }
  }

  private static boolean isPublic(InetAddress address) {
    return NOT_PUBLIC.stream().noneMatch(range -> range.holds(address.getAddress()));
  }

  /// @param prefix the network's leading bits
  /// @param bytes the length of an address
  /// @param bits the length of the prefix
  private record Range(BigInteger prefix, int bytes, int bits) {

    static Range of(byte[] network, int bits) {
      return new Range(prefix(network, bits), network.length, bits);
    }

    boolean holds(byte[] address) {
      return address.length == bytes && prefix(address, bits).equals(prefix);
    }

    private static BigInteger prefix(byte[] address, int bits) {
      return new BigInteger(1, address).shiftRight(address.length * Byte.SIZE - bits);
    }
  }

  private static Range range(String network, int bits) {
    try {
      InetAddress address = InetAddress.getByName(network);
      boolean six = network.indexOf(':') >= 0;
      return Range.of(six ? sixteen(address) : address.getAddress(), bits);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(network + " is not an address", e);
    }
  }

  private static byte[] sixteen(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      throw new IllegalArgumentException(address + " is not an IPv6 address");
    }
    return address.getAddress();
  }
}
