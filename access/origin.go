package access

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// fromOwnOrigin reports whether a browser says that a page of ours asks. Where it says nothing, it is no
// browser of today, and a cookie is not to be believed.
func (p *Porter) fromOwnOrigin(r *http.Request) bool {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	switch {
	case site == "none" && origin == "":
		// Somebody typed the address; whatever a page does has a site.
		return r.Method == http.MethodGet || r.Method == http.MethodHead
	case site != "" && site != "same-origin":
		return false
	case origin != "":
		return strings.EqualFold(origin, p.origin) || p.onThisMachine(origin, r.Host)
	}
	return site != ""
}

// onThisMachine reports whether a page comes from where it asks, where the program is one person's own: it has several
// names there, localhost and 127.0.0.1, and maybe a port that was not known before it was open.
func (p *Porter) onThisMachine(origin, host string) bool {
	return loopback(p.options.PublicURL.Host) && loopback(host) && strings.EqualFold(origin, "http://"+host)
}

func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	address, err := parseAddress(host)
	return strings.EqualFold(host, "localhost") || err == nil && address.IsLoopback()
}

// Address returns the network address that a request came from: a trusted proxy's word about it, else the
// connection's. What a client itself wrote into X-Forwarded-For stands left of that and is not read.
func (p *Porter) Address(r *http.Request) string {
	address := peer(r)
	if !p.trusts(address) {
		return inText(address)
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, said := range slices.Backward(hops) {
		hop, err := parseAddress(strings.TrimSpace(said))
		if err != nil {
			break
		}
		if address = hop; !p.trusts(address) {
			break
		}
	}
	return inText(address)
}

func (p *Porter) trusts(address netip.Addr) bool {
	for _, proxy := range p.options.TrustedProxies {
		if proxy.Contains(address) {
			return true
		}
	}
	return false
}

// inText is empty for the address of nobody.
func inText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// peer is the other end of the connection; the zero address where there is none.
func peer(r *http.Request) netip.Addr {
	address, err := parseAddress(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return address
}

// parseAddress reads an address with or without a port.
func parseAddress(s string) (netip.Addr, error) {
	if with, err := netip.ParseAddrPort(s); err == nil {
		return with.Addr().Unmap().WithZone(""), nil
	}
	address, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return address.Unmap().WithZone(""), err
}
