package notify

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// errPrivateAddress says that an endpoint's name leads to where only this machine and its network can go.
var errPrivateAddress = errors.New("not a public address")

// notPublic are networks that nobody on the internet can be reached in, or that stand for others, beside those that netip
// knows by itself.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),   // behind a provider's NAT
	netip.MustParsePrefix("192.0.0.0/24"),    // protocols
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, and broadcast
	netip.MustParsePrefix("64:ff9b::/96"),    // IPv4 in IPv6
	netip.MustParsePrefix("64:ff9b:1::/48"),  // the same, of a network's own
	netip.MustParsePrefix("100::/64"),        // nowhere
	netip.MustParsePrefix("2001::/23"),       // protocols, Teredo among them
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // 6to4
	netip.MustParsePrefix("fec0::/10"),       // what was site-local
}

// publicOnly is a net.Dialer's Control: it sees the address that a name has led to, so that no name can lie.
func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %w", errPrivateAddress, err)
	}
	if !public(at.Addr()) {
		return errPrivateAddress
	}
	return nil
}

func public(a netip.Addr) bool {
	// A zone is of this machine.
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
