package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// config is what serve is told, on the command line or by the environment.
type config struct {
	addr        string
	origin      string // scheme and host that visitors see; "" where requests say it
	tlsCert     string // files in PEM; both or neither
	tlsKey      string
	metricsAddr string         // where the metrics are served; "" for /metrics beside the pages
	proxies     []netip.Prefix // whose X-Forwarded-For is believed
	logFormat   string         // text or json
	drain       time.Duration  // how long it still answers once it was told to stop

	share    bool   // scenarios may be stored
	data     string // the folder of the embedded database; "" where no folder is known
	database string // a PostgreSQL URL; "" for the embedded database
	contact  string // where abuse is reported: a mailto: or https: address; "" for none
	perHour  int    // how many scenarios one client may store in an hour
	perDay   int    // how many scenarios all clients together may store in a day

	workshops []string // folders of lessons, a course each
}

// environment is the beginning of the variables that stand for flags:
// STSPLAYGROUND_TLS_CERT is -tls-cert. A flag wins over its variable.
const environment = "STSPLAYGROUND_"

const serveUsage = `Usage:
  stsplayground [serve] [FLAG…]
      serve the playground until it is told to stop

  Each flag may also be given as an environment variable, in capitals and with
  ` + environment + ` before it: -tls-cert as ` + environment + `TLS_CERT. The flag wins.

Where and to whom
  -addr 127.0.0.1:8080   address to listen on; port 0 takes a free one
  -origin https://host   address that visitors see, where it isn't the one in
                         their requests' Host header
  -tls-cert FILE         certificate chain and private key in PEM: serve HTTPS
  -tls-key FILE          and HTTP/2. Both files are read again when they change
  -proxies CIDR,CIDR     networks of the reverse proxies whose X-Forwarded-For
                         is believed, for the limits; none are by default

Short links
  -share=false           store nothing: no short links
  -data DIR              folder of the embedded database; by default
                         $STATE_DIRECTORY, else the user's data folder
  -database URL          a PostgreSQL database in its place, for several
                         instances: postgres://user:password@host/name
  -per-hour 60           how many scenarios one client may store in an hour
  -per-day 20000         and all clients together in a day
  -contact ADDRESS       where abuse is reported: an e-mail or https address,
                         shown beside what is stored

Workshops
  -workshop DIR          a folder of lessons, offered as a course of its own;
                         may be given several times

Watching
  -metrics-addr ADDR     serve Prometheus metrics there; by default they are at
                         /metrics of the pages' address
  -drain 0s              how long to go on answering once told to stop, with
                         /readyz at 503, so that load balancers notice
  -log-format text|json  how the log is written, to standard error
`

// readConfig reads serve's flags and variables.
func readConfig(args []string, getenv func(string) string) (config, error) {
	var c config
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8080", "")
	flags.StringVar(&c.tlsCert, "tls-cert", "", "")
	flags.StringVar(&c.tlsKey, "tls-key", "", "")
	flags.StringVar(&c.metricsAddr, "metrics-addr", "", "")
	flags.StringVar(&c.logFormat, "log-format", "text", "")
	flags.DurationVar(&c.drain, "drain", 0, "")
	flags.BoolVar(&c.share, "share", true, "")
	flags.StringVar(&c.data, "data", dataFolder(getenv), "")
	flags.StringVar(&c.database, "database", "", "")
	flags.IntVar(&c.perHour, "per-hour", 60, "")
	flags.IntVar(&c.perDay, "per-day", 20_000, "")
	flags.Func("origin", "", func(text string) (err error) { c.origin, err = parseOrigin(text); return err })
	flags.Func("proxies", "", func(text string) (err error) { c.proxies, err = parseProxies(text); return err })
	flags.Func("contact", "", func(text string) (err error) { c.contact, err = parseContact(text); return err })
	flags.Func("workshop", "", func(text string) error { c.workshops = append(c.workshops, text); return nil })

	given := map[string]bool{}
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	var problems []error
	flags.VisitAll(func(f *flag.Flag) {
		name := environment + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if text := getenv(name); text != "" && !given[f.Name] {
			if err := flags.Set(f.Name, text); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", name, err))
			}
		}
	})
	switch {
	case len(problems) > 0:
		return c, errors.Join(problems...)
	case flags.NArg() > 0:
		return c, fmt.Errorf("serve takes no arguments, and got %q", flags.Arg(0))
	case (c.tlsCert == "") != (c.tlsKey == ""):
		return c, errors.New("-tls-cert and -tls-key go together, and one of them is missing")
	case c.logFormat != "text" && c.logFormat != "json":
		return c, fmt.Errorf("-log-format is text or json, and got %q", c.logFormat)
	case c.drain < 0:
		return c, fmt.Errorf("-drain is a time such as 5s, and got %v", c.drain)
	case c.perHour < 1 || c.perDay < 1:
		return c, errors.New("-per-hour and -per-day are at least 1; to store nothing there is -share=false")
	}
	return c, nil
}

// dataFolder is where the embedded database is kept when nobody says: the
// folder that systemd gives a service, else the user's (XDG Base Directory
// Specification); "" where there is neither.
func dataFolder(getenv func(string) string) string {
	if dir := getenv("STATE_DIRECTORY"); dir != "" {
		return dir
	}
	if dir := getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "stsplayground")
	}
	if home, err := os.UserHomeDir(); err == nil && filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "share", "stsplayground")
	}
	return ""
}

// parseProxies reads networks such as 10.0.0.0/8, parted by commas; a single
// address stands for itself.
func parseProxies(text string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, one := range strings.Split(text, ",") {
		one = strings.TrimSpace(one)
		if address, err := netip.ParseAddr(one); err == nil {
			all = append(all, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(one)
		if err != nil {
			return nil, fmt.Errorf("a network is written such as 10.0.0.0/8 or 2001:db8::/32, and this is %q", one)
		}
		all = append(all, network.Masked())
	}
	return all, nil
}

// parseContact reads an e-mail or web address.
func parseContact(text string) (string, error) {
	if !strings.Contains(text, ":") && strings.Count(text, "@") == 1 {
		text = "mailto:" + text
	}
	u, err := url.Parse(text)
	switch {
	case err == nil && u.Scheme == "mailto" && strings.Contains(u.Opaque, "@"):
	case err == nil && u.Scheme == "https" && validHost(u.Host):
	default:
		return "", fmt.Errorf("an e-mail address or one that begins with https:// is wanted, and this is %q", text)
	}
	return u.String(), nil
}
