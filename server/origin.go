package main

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// parseOrigin reads the -origin flag: scheme and host, nothing more. Empty
// stays empty.
func parseOrigin(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !validHost(u.Host) || u.User != nil ||
		strings.TrimSuffix(text, "/") != u.Scheme+"://"+u.Host {
		return "", fmt.Errorf("-origin is a scheme and a host such as https://sts.example.com, and got %q", text)
	}
	return u.Scheme + "://" + u.Host, nil
}

// validHost says whether host is a name or an address with or without a
// port, and so may stand in a Content-Security-Policy. Go's server lets more
// through (RFC 9110 §7.2 allows any reg-name): a semicolon would end the
// directive.
func validHost(host string) bool {
	name, port, hasPort := host, "", false
	if strings.HasPrefix(host, "[") {
		end := strings.IndexByte(host, ']')
		if end < 0 || net.ParseIP(host[1:end]) == nil {
			return false
		}
		name, port = "", host[end+1:]
		port, hasPort = strings.CutPrefix(port, ":")
		if !hasPort && port != "" {
			return false
		}
	} else {
		name, port, hasPort = strings.Cut(host, ":")
		if !validName(name) {
			return false
		}
	}
	if !hasPort {
		return true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// validName says whether name is made of letters, digits, hyphens, dots and
// underscores, at most 253 of them (RFC 1035 §2.3.4).
func validName(name string) bool {
	if name == "" || len(name) > 253 {
		return false
	}
	for _, c := range []byte(name) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_':
		default:
			return false
		}
	}
	return true
}
