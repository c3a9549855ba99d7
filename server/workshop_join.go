package main

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"stsplayground/web/page"
	"stsplayground/web/tools"
)

// join says how people come to the room of a code: by the address that this
// very page was asked for, since that works, or where that is this machine's
// own for itself, by those that the machine has in its networks.
func (s *site) join(r *http.Request, code string) page.Join {
	j := page.Join{Code: code}
	for _, origin := range s.reachable(r) {
		j.Addresses = append(j.Addresses, origin+"/w/"+code)
	}
	if len(j.Addresses) > 0 {
		j.QR, j.Near = tools.DrawCode(j.Addresses[0]), isNear(j.Addresses[0])
	}
	return j
}

// isNear says whether an address is of a private network (RFC 1918, RFC 4193).
func isNear(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host, err := netip.ParseAddr(u.Hostname())
	return err == nil && host.IsPrivate()
}

// reachable are the origins under which others reach this server, the
// likeliest first; none where it answers its own machine only. The addresses
// of the machine's networks are told to nobody else.
func (s *site) reachable(r *http.Request) []string {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	host, port := r.Host, ""
	if name, p, err := net.SplitHostPort(r.Host); err == nil {
		host, port = name, ":"+p
	}
	switch {
	case s.origin != "":
		return []string{s.origin}
	case !isLoopback(strings.Trim(host, "[]")):
		return []string{scheme + r.Host}
	case !listensEverywhere(s.addr) || !fromThisMachine(r):
		return nil
	}
	return networkOrigins(scheme, port)
}

// networkOrigins are the origins of this machine in its networks; port begins
// with a colon, or is empty.
func networkOrigins(scheme, port string) (origins []string) {
	for _, address := range networkAddresses() {
		host := address.String()
		if address.Is6() {
			host = "[" + host + "]"
		}
		origins = append(origins, scheme+host+port)
	}
	return origins
}

// invitations are the lines that say, once the server listens, how people come
// to the workshops that were brought along.
func (s *site) invitations(scheme string, address net.Addr) (lines []string) {
	origin := scheme + "://" + address.String()
	if _, port, err := net.SplitHostPort(address.String()); err == nil && listensEverywhere(address.String()) {
		origin = scheme + "://localhost:" + port
		if all := networkOrigins(scheme+"://", ":"+port); len(all) > 0 {
			origin = all[0]
		}
	}
	origin = cmp.Or(s.origin, origin)
	for _, f := range s.workshops.own {
		w := f.now.Load()
		lines = append(lines, fmt.Sprintf("workshop %s: %s/w/%s joins, %s/workshops/%s is its page", printable(w.course.Title), origin, w.code, origin, w.name))
	}
	return lines
}

// isLoopback says whether a host is a machine's name or address for itself
// (RFC 6761 §6.3).
func isLoopback(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && (address.Unmap().IsLoopback() || address.IsUnspecified())
}

// listensEverywhere says whether a listening address takes what comes from any
// network.
func listensEverywhere(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	address, err := netip.ParseAddr(host)
	return host == "" || err == nil && address.IsUnspecified()
}

func fromThisMachine(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && from.Addr().Unmap().IsLoopback()
}

// networkAddresses are this machine's addresses that others in its networks
// can reach, that of the way out first. Addresses of IPv6 are given only where
// there are no others: nobody types them with pleasure.
func networkAddresses() []netip.Addr {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var four, six []netip.Addr
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 || isInner(i.Name) {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addresses {
			prefix, err := netip.ParsePrefix(a.String())
			switch {
			case err != nil || !prefix.Addr().IsGlobalUnicast():
			case prefix.Addr().Is4():
				four = append(four, prefix.Addr())
			default:
				six = append(six, prefix.Addr())
			}
		}
	}
	if len(four) == 0 {
		return six
	}
	if out := wayOut(); slices.Contains(four, out) {
		four = slices.Insert(slices.DeleteFunc(four, func(a netip.Addr) bool { return a == out }), 0, out)
	}
	return four
}

// isInner says whether an interface leads to containers and virtual machines
// on this machine, by the names that Docker, libvirt and others give them.
func isInner(name string) bool {
	return slices.ContainsFunc([]string{"docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "cni", "podman", "lxc"}, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// wayOut is the address that this machine has towards others. A UDP socket is
// only given its address: nothing is sent, and the other end is one of those
// that are kept for documentation (RFC 5737).
func wayOut() netip.Addr {
	c, err := net.Dial("udp4", "192.0.2.1:9")
	if err != nil {
		return netip.Addr{}
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
}
