package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
)

// stage is what was set up, and how to change it.
type stage struct {
	dir, program, databaseURL string
	masterKey                 string
	server, wantedly          string
	processes                 []*process

	mu    sync.Mutex
	doors map[string]*door
	// held are the companies whose files stand still.
	held map[string]context.CancelFunc
}

// door is a way to the program that can be cut.
type door struct{ *toxiproxy.Proxy }

// places are where everything is.
type places struct {
	URL      string `json:"url"`
	Wantedly string `json:"wantedly"`
	// Program is the file that runs, for who wants another one.
	Program string `json:"program"`
}

func (s *stage) places() places {
	return places{URL: "http://" + s.server, Wantedly: "http://" + s.wantedly, Program: s.program}
}

// set builds the scene up.
func (s *stage) set(ctx context.Context) (err error) {
	for _, at := range []*string{&s.server, &s.wantedly} {
		if *at, err = free(ctx); err != nil {
			return err
		}
	}
	if s.masterKey, err = s.command(ctx, "", "keys", "new"); err != nil {
		return err
	}
	if _, err := s.command(ctx, "", "migrate", "up"); err != nil {
		return err
	}
	if err := s.start("simulate-wantedly", "--listen", s.wantedly); err != nil {
		return err
	}
	if err := s.start("serve"); err != nil {
		return err
	}
	if err := reach(ctx, s.processes[len(s.processes)-1], "http://"+s.server+"/readyz"); err != nil {
		log, _ := os.ReadFile(filepath.Join(s.dir, "serve.log"))
		return fmt.Errorf("%w\n%s", err, log)
	}
	return nil
}

// free is an address that nobody listens on.
func free(ctx context.Context) (string, error) {
	socket, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return socket.Addr().String(), socket.Close()
}

// environment is ours, without the program's settings, and those of the stage.
func (s *stage) environment() []string {
	var out []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "RENKEI_") {
			out = append(out, e)
		}
	}
	return append(out,
		"RENKEI_DATABASE_URL="+s.databaseURL, "RENKEI_MASTER_KEYS="+s.masterKey, "RENKEI_WANTEDLY_URL=http://"+s.wantedly,
		"RENKEI_WANTEDLY_RATE=1000", "RENKEI_LISTEN="+s.server, "RENKEI_DATA_DIR="+filepath.Join(s.dir, "data"),
		"RENKEI_SUPPORT=support@renkei.example", "RENKEI_NOTIFY_PRIVATE=true", "RENKEI_TRUSTED_PROXIES=127.0.0.0/8", "RENKEI_LOG_FORMAT=json",
	)
}

func (s *stage) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.places(), nil) })
	mux.HandleFunc("POST /companies", func(w http.ResponseWriter, r *http.Request) {
		var wanted company
		if err := json.NewDecoder(r.Body).Decode(&wanted); err != nil {
			reply(w, nil, err)
			return
		}
		made, err := s.found(r.Context(), wanted)
		reply(w, made, err)
	})
	mux.HandleFunc("POST /doors", func(w http.ResponseWriter, _ *http.Request) {
		at, err := s.open()
		reply(w, map[string]string{"url": "http://" + at, "name": at}, err)
	})
	mux.HandleFunc("POST /doors/{name}/{what}", func(w http.ResponseWriter, r *http.Request) {
		reply(w, struct{}{}, s.turn(r.Context(), r.PathValue("name"), r.PathValue("what")))
	})
	mux.HandleFunc("POST /companies/{id}/files/{what}", func(w http.ResponseWriter, r *http.Request) {
		reply(w, struct{}{}, s.files(r.Context(), r.PathValue("id"), r.PathValue("what")))
	})
	return mux
}

// files has the imports of a company's files stand still, or lets them go on.
func (s *stage) files(ctx context.Context, companyID, what string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	release, held := s.held[companyID]
	switch {
	case what == "release" && held:
		delete(s.held, companyID)
		release()
		return nil
	case what == "hold" && !held:
		release, err := hold(ctx, s.databaseURL, companyID)
		if err == nil {
			s.held[companyID] = release
		}
		return err
	default:
		return fmt.Errorf("files cannot be %s now", what)
	}
}

// hold locks the imports of a company's files: whoever brings one in waits, behind the page that is just being stored.
func hold(ctx context.Context, databaseURL, companyID string) (context.CancelFunc, error) {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	release := func() { _ = conn.Close(context.WithoutCancel(ctx)) } // which rolls back
	_, err = conn.Exec(ctx, "BEGIN")
	if err == nil {
		_, err = conn.Exec(ctx, "SELECT FROM file_imports WHERE company_id = $1 FOR UPDATE", companyID)
	}
	if err != nil {
		release()
		return nil, fmt.Errorf("hold files: %w", err)
	}
	return release, nil
}

func reply(w http.ResponseWriter, value any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

// company is one that is wanted, and then one that there is.
type company struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Members []member `json:"members"`
}

type member struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
	Roles    string `json:"roles"`
	Token    string `json:"token"`
}

// found makes a company with its members, a token for each.
func (s *stage) found(ctx context.Context, c company) (_ company, err error) {
	if c.ID, err = s.command(ctx, "", "company", "create", c.Name); err != nil {
		return c, err
	}
	for i := range c.Members {
		m := &c.Members[i]
		m.ID, err = s.command(ctx, m.Password+"\n", "member", "create", "--company", c.ID, "--email", m.Email, "--name", m.Name, "--roles", m.Roles)
		if err != nil {
			return c, err
		}
		if m.Token, err = s.command(ctx, "", "token", "create", "--company", c.ID, "--member", m.ID); err != nil {
			return c, err
		}
	}
	return c, nil
}

// open makes a way to the program that can be cut without anybody else noticing.
func (s *stage) open() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	d := &door{toxiproxy.NewProxy(server, "door-"+strconv.Itoa(len(s.doors)), "127.0.0.1:0", s.server)}
	if err := d.Start(); err != nil {
		return "", err
	}
	s.doors[d.Listen] = d
	return d.Listen, nil
}

// turn cuts what goes through a door (cut), lets nothing more through without closing anything (silence), or mends it.
func (s *stage) turn(ctx context.Context, name, what string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.doors[name]
	if !ok {
		return fmt.Errorf("there is no door %s", name)
	}
	switch what {
	case "cut":
		d.Stop()
	case "silence":
		for _, stream := range []string{"upstream", "downstream"} {
			toxic := fmt.Sprintf(`{"name":%q,"type":"timeout","stream":%q,"attributes":{"timeout":0}}`, stream, stream)
			if _, err := d.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
				return err
			}
		}
	case "mend":
		d.Toxics.ResetToxics(ctx)
		if !d.Enabled {
			return d.Start()
		}
	default:
		return fmt.Errorf("a door does not %s", what)
	}
	return nil
}
