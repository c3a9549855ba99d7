package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"go.yaml.in/yaml/v3"
)

const hosting = "../examples/hosting/"

func hostingFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(hosting + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// told is what serve understands of a command line, which may begin with
// serve, and of variables.
func told(t *testing.T, args []string, env map[string]string) config {
	t.Helper()
	if len(args) > 0 && args[0] == "serve" {
		args = args[1:]
	}
	for name := range env {
		if flag := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, environment)), "_", "-"); settings[flag] == "" {
			t.Errorf("%s stands for no flag", name)
		}
	}
	c, err := readConfig(args, func(name string) string { return env[name] })
	if err != nil {
		t.Errorf("%q: %v", args, err)
	}
	return c
}

// port is the port of an address to listen on.
func port(t *testing.T, addr string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Error(err)
	}
	return port
}

// deployment is what these tests read of a Kubernetes manifest's documents.
type deployment struct {
	Kind string
	Spec struct {
		Ports []struct {
			TargetPort string `yaml:"targetPort"`
		}
		Replicas int
		Strategy struct{ Type string }
		Template struct {
			Spec struct {
				TerminationGracePeriodSeconds int  `yaml:"terminationGracePeriodSeconds"`
				AutomountServiceAccountToken  bool `yaml:"automountServiceAccountToken"`
				SecurityContext               struct {
					RunAsNonRoot   bool                  `yaml:"runAsNonRoot"`
					SeccompProfile struct{ Type string } `yaml:"seccompProfile"`
				} `yaml:"securityContext"`
				Containers []struct {
					Args []string
					Env  []struct {
						Name      string
						ValueFrom any `yaml:"valueFrom"`
					}
					Ports []struct {
						Name          string
						ContainerPort int `yaml:"containerPort"`
					}
					StartupProbe    probe `yaml:"startupProbe"`
					LivenessProbe   probe `yaml:"livenessProbe"`
					ReadinessProbe  probe `yaml:"readinessProbe"`
					SecurityContext struct {
						AllowPrivilegeEscalation bool `yaml:"allowPrivilegeEscalation"`
						ReadOnlyRootFilesystem   bool `yaml:"readOnlyRootFilesystem"`
						Capabilities             struct{ Drop []string }
					} `yaml:"securityContext"`
					VolumeMounts []struct {
						MountPath string `yaml:"mountPath"`
					} `yaml:"volumeMounts"`
				}
			}
		}
	}
}

type probe struct {
	HTTPGet struct{ Path, Port string } `yaml:"httpGet"`
}

func TestTheKubernetesManifestsAreTrue(t *testing.T) {
	for _, file := range []string{"kubernetes.yaml", "kubernetes-postgresql.yaml"} {
		t.Run(file, func(t *testing.T) {
			kinds := map[string]deployment{}
			documents := yaml.NewDecoder(strings.NewReader(hostingFile(t, file)))
			for {
				var d deployment
				if err := documents.Decode(&d); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
				kinds[d.Kind] = d
			}
			d := kinds["Deployment"].Spec
			pod := d.Template.Spec
			if len(pod.Containers) != 1 {
				t.Fatalf("got %d containers, want 1", len(pod.Containers))
			}
			c := pod.Containers[0]
			env := map[string]string{}
			for _, v := range c.Env {
				env[v.Name] = "postgres://user:password@host/name"
			}
			serves := told(t, c.Args, env)
			if !pod.SecurityContext.RunAsNonRoot || pod.SecurityContext.SeccompProfile.Type != "RuntimeDefault" || pod.AutomountServiceAccountToken ||
				c.SecurityContext.AllowPrivilegeEscalation || !c.SecurityContext.ReadOnlyRootFilesystem || !slices.Equal(c.SecurityContext.Capabilities.Drop, []string{"ALL"}) {
				t.Errorf("got a pod that may do too much: %+v", pod)
			}
			if wanted := (serves.drain + goodbyeTime).Seconds(); float64(pod.TerminationGracePeriodSeconds) <= wanted {
				t.Errorf("got %d s to end in, want more than the %v s that the program may take", pod.TerminationGracePeriodSeconds, wanted)
			}
			ports := map[string]string{}
			for _, p := range c.Ports {
				ports[p.Name] = fmt.Sprint(p.ContainerPort)
			}
			if ports["http"] != port(t, serves.addr) || ports["metrics"] != port(t, serves.metricsAddr) || kinds["Service"].Spec.Ports[0].TargetPort != "http" {
				t.Errorf("got the ports %v, want those that serve listens on, %s and %s", ports, serves.addr, serves.metricsAddr)
			}
			s := testSite(t)
			s.config = serves
			for _, p := range []probe{c.StartupProbe, c.LivenessProbe, c.ReadinessProbe} {
				if got := answer(s, "GET", p.HTTPGet.Path).StatusCode; got != 200 || p.HTTPGet.Port != "http" {
					t.Errorf("got %d of %s at port %s, want 200 at http", got, p.HTTPGet.Path, p.HTTPGet.Port)
				}
			}
			switch {
			case serves.database == "" && (d.Replicas != 1 || d.Strategy.Type != "Recreate" || len(c.VolumeMounts) != 1 || c.VolumeMounts[0].MountPath != serves.data || kinds["PersistentVolumeClaim"].Kind == ""):
				t.Errorf("got %+v, want one instance that has the volume to itself", d)
			case serves.database != "" && (d.Replicas < 2 || len(c.VolumeMounts) != 0):
				t.Errorf("got %+v, want instances that need no volume", d)
			}
		})
	}
}

func TestTheDockerfileIsTrue(t *testing.T) {
	text := hostingFile(t, "Dockerfile")
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	exposed, user, last := "", "", ""
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case words[0] == "ENV":
			for _, w := range words[1:] {
				name, value, _ := strings.Cut(w, "=")
				env[name] = value
			}
		case words[0] == "EXPOSE":
			exposed = words[1]
		case words[0] == "USER":
			user = words[1]
		case words[0] == "FROM":
			last = words[1]
		case words[0] == "RUN" && words[1] == "make":
			if !regexp.MustCompile(`(?m)^` + words[2] + `:`).Match(makefile) {
				t.Errorf("the Makefile has no target %s", words[2])
			}
		}
	}
	c := told(t, nil, env)
	if exposed != port(t, c.addr) || c.data != "/data" || !strings.Contains(text, "\nVOLUME "+c.data+"\n") {
		t.Errorf("got port %s and data in %s, want what the file exposes, %s", port(t, c.addr), c.data, exposed)
	}
	if user == "" || strings.HasPrefix(user, "0") || user == "root" || !strings.HasPrefix(last, "gcr.io/distroless/static-") {
		t.Errorf("got the user %q in %q, want somebody without rights in an image without anything", user, last)
	}
	version, err := exec.Command("go", "list", "-m", "-f", "{{.GoVersion}}").Output()
	if short := regexp.MustCompile(`^\d+\.\d+`).FindString(string(version)); err != nil || !strings.Contains(text, "FROM golang:"+short+"-") {
		t.Errorf("the module wants Go %s, and the image has another; %v", short, err)
	}
	if program := "bin/stsplayground"; !strings.Contains(text, "/src/"+program+" ") || !bytes.Contains(makefile, []byte("PROGRAM := "+program+"\n")) || !bytes.Contains(makefile, []byte("export CGO_ENABLED := 0\n")) {
		t.Error("the Makefile doesn't make the static program that the image takes")
	}
}

func TestTheSystemdUnitIsTrue(t *testing.T) {
	text := hostingFile(t, "stsplayground.service")
	start := regexp.MustCompile(`(?m)^ExecStart=(\S+) (.*)$`).FindStringSubmatch(text)
	if start == nil {
		t.Fatal("got no ExecStart")
	}
	told(t, strings.Fields(start[2]), nil)
	for _, name := range regexp.MustCompile(environment+`[A-Z_]+`).FindAllString(text, -1) {
		if flag := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, environment)), "_", "-"); settings[flag] == "" {
			t.Errorf("%s stands for no flag", name)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze")
	}
	unit := filepath.Join(t.TempDir(), "stsplayground.service")
	writeFile(t, unit, []byte(strings.Replace(text, "ExecStart="+start[1], "ExecStart=/bin/true", 1)))
	if said, err := exec.Command(analyze, "verify", "--man=no", unit).CombinedOutput(); err != nil || bytes.Contains(said, []byte(unit)) {
		t.Errorf("%v\n%s", err, said)
	}
}

func TestTheProxiesLeadToThePlayground(t *testing.T) {
	for _, file := range []string{"nginx.conf", "Caddyfile"} {
		text := hostingFile(t, file)
		lines := strings.Split(strings.TrimPrefix(text[strings.Index(text, "stsplayground serve"):], "stsplayground "), "\n")
		c := told(t, strings.Fields(lines[0]+strings.TrimPrefix(lines[1], "#")), nil)
		if strings.Count(text, c.addr) != 2 || !strings.Contains(text, strings.TrimPrefix(c.origin, "https://")) || len(c.proxies) == 0 {
			t.Errorf("%s: got %+v, which isn't what the proxy leads to", file, c)
		}
	}
	if !strings.Contains(hostingFile(t, "nginx.conf"), fmt.Sprintf("client_max_body_size %dk;", bodyBytes>>10)) {
		t.Error("nginx.conf: the limit of a request is another")
	}
}

func TestNginxUnderstandsItsFile(t *testing.T) {
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("there is no nginx")
	}
	dir := t.TempDir()
	cert, key := certified(t, dir, 1)
	site := regexp.MustCompile(`ssl_certificate(_key)? \S+;`).ReplaceAllStringFunc(hostingFile(t, "nginx.conf"), func(line string) string {
		if strings.HasPrefix(line, "ssl_certificate_key ") {
			return "ssl_certificate_key " + key + ";"
		}
		return "ssl_certificate " + cert + ";"
	})
	site = strings.ReplaceAll(site, "443", "18443") // a port that needs no rights
	all := filepath.Join(dir, "nginx.conf")
	writeFile(t, all, fmt.Appendf(nil, "pid %s/pid;\nerror_log %s/log;\nevents {}\nhttp {\n%s\n}\n", dir, dir, site))
	if said, err := exec.Command(nginx, "-t", "-e", filepath.Join(dir, "log"), "-c", all).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

func TestTheGuideNamesFilesAndFlagsThatAreThere(t *testing.T) {
	text := hostingFile(t, "README.md")
	for _, found := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(hosting + found[1]); err != nil {
			t.Error(err)
		}
	}
	for _, found := range regexp.MustCompile("`-([a-z-]+)").FindAllStringSubmatch(text, -1) {
		if settings[found[1]] == "" {
			t.Errorf("there is no flag -%s", found[1])
		}
	}
}

// TestTheProgramNeedsNothing builds the program as the Makefile does, and runs
// it in a world that has nothing but the program and a folder for its data,
// as somebody who may write nowhere else.
func TestTheProgramNeedsNothing(t *testing.T) {
	world := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(world, "stsplayground"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	data := filepath.Join(world, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	program := exec.Command(filepath.Join(world, "stsplayground"), "-addr=127.0.0.1:0", "-data="+data, "-drain=1h")
	program.Dir = t.TempDir()
	program.Env = []string{}
	if os.Getuid() == 0 {
		const nobody = 65534
		if err := errors.Join(os.Chown(data, nobody, nobody), os.Chmod(world, 0o555), os.Chmod(program.Path, 0o555)); err != nil {
			t.Fatal(err)
		}
		program.SysProcAttr = &syscall.SysProcAttr{Chroot: world, Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		program.Path, program.Dir = "/stsplayground", "/"
		program.Args = []string{"/stsplayground", "-addr=127.0.0.1:0", "-data=/data", "-drain=1h"}
	}
	var stderr bytes.Buffer
	program.Stderr = &stderr
	stdout, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	defer program.Process.Kill()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok {
		t.Fatalf("got %q, %v, and on standard error %s", line, err, stderr.String())
	}
	get := func(path string) string {
		t.Helper()
		r, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(r.StatusCode, " ", body(t, r))
	}
	if got := get("/healthz"); got != "200 ok\n" {
		t.Errorf("got %q", got)
	}
	for _, page := range []string{"/", "/?scenario=github-actions-deploys-from-main", "/glossary", "/scenario.schema.json", "/metrics"} {
		if got := get(page); !strings.HasPrefix(got, "200 ") {
			t.Errorf("%s: got %.200s", page, got)
		}
	}

	// It stores a scenario in its folder, and nothing anywhere else.
	for get("/readyz") != "200 ready\n" { // else the test times out
	}
	r, err := http.Post(url+"/api/scenarios", "application/yaml", strings.NewReader("title: Kept\ncalls: []\n"))
	if err != nil {
		t.Fatal(err)
	}
	var kept struct{ ID string }
	if err := json.Unmarshal([]byte(body(t, r)), &kept); err != nil || r.StatusCode != http.StatusCreated {
		t.Fatalf("got %d, %v, and on standard error %s", r.StatusCode, err, stderr.String())
	}
	if got := get("/s/" + kept.ID + ".json"); !strings.HasPrefix(got, "200 ") || !strings.Contains(got, "Kept") {
		t.Errorf("got %s", got)
	}

	// Told to stop, it says so to load balancers and goes on answering; told
	// again, it ends at once.
	program.Process.Signal(syscall.SIGTERM)
	for got := ""; got != "503 stopping\n"; {
		if got = get("/readyz"); got == "" {
			t.Fatal("got no answer after the first signal")
		}
	}
	if got := get("/glossary"); !strings.HasPrefix(got, "200 ") {
		t.Errorf("after the first signal: got %.200s", got)
	}
	program.Process.Signal(syscall.SIGTERM)
	if err := program.Wait(); err == nil {
		t.Error("got an orderly end after the second signal, want one at once")
	}
	if os.Getuid() == 0 {
		entries, _ := os.ReadDir(world)
		if len(entries) != 2 {
			t.Errorf("got %v in the program's world, want the program and its data", entries)
		}
	}
}
