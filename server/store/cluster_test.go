package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// cluster is a PostgreSQL server of the tests' own, with its usual care for
// what it writes, on a Unix socket in a temporary folder.
type cluster struct {
	programs string              // the folder of PostgreSQL's programs
	folder   string              // of the data and the socket
	as       *syscall.Credential // PostgreSQL doesn't run as root; nil where nobody is root
	server   *exec.Cmd
	lifeline io.Closer // the server stops when it is closed, also by the test's end
	names    int
}

var errNoPostgreSQL = errors.New("PostgreSQL's server is missing: apt-get install postgresql")

// postgresqlPrograms is the folder of the newest PostgreSQL's programs, which
// Debian doesn't put into the PATH.
func postgresqlPrograms() (string, error) {
	if found, err := exec.LookPath("postgres"); err == nil {
		found, err = filepath.EvalSymlinks(found) // a link may stand alone
		return filepath.Dir(found), err
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		return "", errNoPostgreSQL
	}
	newest := slices.MaxFunc(found, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) // 9, 15, 100
	})
	return filepath.Dir(newest), nil
}

// newCluster makes a cluster and starts its server.
func newCluster() (*cluster, error) {
	programs, err := postgresqlPrograms()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "pg") // a socket's path is at most 107 bytes long
	if err != nil {
		return nil, err
	}
	c := &cluster{programs: programs, folder: folder}
	if os.Geteuid() == 0 {
		if c.as, err = unprivileged(); err == nil {
			err = os.Chown(folder, int(c.as.Uid), int(c.as.Gid))
		}
	}
	if err == nil {
		err = c.command("initdb", "--pgdata", c.data(), "--auth", "trust", "--username", "tests", "--encoding", "UTF8", "--no-locale", "--no-sync").Run()
	}
	if err == nil {
		err = c.start()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("PostgreSQL in %s: %w", folder, err), c.remove())
	}
	return c, nil
}

// unprivileged is a user that PostgreSQL may run as.
func unprivileged() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
			gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
		}
	}
	return nil, errors.New("there is no user that PostgreSQL may run as")
}

func (c *cluster) data() string { return filepath.Join(c.folder, "data") }

// command is one of PostgreSQL's programs.
func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.programs, name), args...)
	cmd.Dir = c.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	return cmd
}

// start starts the server and waits until it answers.
func (c *cluster) start() error {
	reader, writer, err := os.Pipe()
	if err != nil {
		return err
	}
	defer reader.Close()
	cmd := c.command("postgres", "-D", c.data(), "-k", c.folder, "-c", "listen_addresses=", "-c", "max_connections=200")
	cmd.Args = append([]string{"sh", "-c", `"$@" & read -r _; kill -INT $!; wait`, "sh", cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	cmd.Stdin = reader
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return errors.Join(err, writer.Close())
	}
	c.server, c.lifeline = cmd, writer
	deadline := time.Now().Add(time.Minute)
	for {
		err := c.do("postgres", "SELECT 1")
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			c.stop()
			return fmt.Errorf("the server doesn't answer: %w\n%s", err, said.String())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// stop stops the server as its administrator would; connections are cut.
func (c *cluster) stop() error {
	if c.server == nil {
		return nil
	}
	c.lifeline.Close()
	c.server.Wait() // the shell's exit code says nothing
	c.server = nil
	return nil
}

// kill ends the server's processes as a crash would, and starts it again.
func (c *cluster) kill() error {
	text, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return err
	}
	if err := c.stop(); err != nil {
		return err
	}
	return c.start()
}

func (c *cluster) remove() error { return errors.Join(c.stop(), os.RemoveAll(c.folder)) }

// url is the address of one of the cluster's databases.
func (c *cluster) url(database string) string {
	return fmt.Sprintf("postgres://tests@/%s?host=%s", database, c.folder)
}

// do runs a statement in a database.
func (c *cluster) do(database, statement string) error {
	db, err := sql.Open("pgx", c.url(database))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(context.Background(), statement)
	return err
}

// newDatabase is the address of a new and empty database.
func (c *cluster) newDatabase(t testing.TB) string {
	t.Helper()
	c.names++
	name := fmt.Sprintf("test%d", c.names)
	if err := c.do("postgres", "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return c.url(name)
}

// shared is the cluster of all tests of the package, started when the first
// asks for it; running is it from then on.
var (
	shared  = sync.OnceValues(func() (c *cluster, err error) { running, err = newCluster(); return running, err })
	running *cluster
)

// postgresqlServer is the cluster. Without PostgreSQL the test is skipped on a
// developer's machine, and fails where CI is set.
func postgresqlServer(t testing.TB) *cluster {
	t.Helper()
	c, err := shared()
	if errors.Is(err, errNoPostgreSQL) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMain(m *testing.M) {
	if do := children[os.Getenv("STORE_CHILD")]; do != nil {
		if err := do(Options{Data: os.Getenv("STORE_DATA"), Database: os.Getenv("STORE_DATABASE")}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if running != nil {
		if err := running.remove(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}
