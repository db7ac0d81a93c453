package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"renkei/db"
	"renkei/db/embedded"
	"renkei/intake"
	"renkei/wantedly/wantedlysim"
	"renkei/web"
)

const (
	demoLogin    = "ok@hr.example"
	demoMember   = "hanako@hr.example"
	demoDomain   = "hr.example"
	demoPassword = "password"
	// The simulator may be asked more often, and brings somebody new often enough to be seen.
	demoRate     = 50
	demoInterval = 30 * time.Second
	demoArrivals = 20 * time.Second
	demoLookBack = 30*24*time.Hour - time.Hour

	// demoDecorated waits, and shows what a suggestion is.
	demoDecorated = "【急募】バックエンドエンジニア"

	demoStopPostgres = 15 * time.Second
)

// demoOpenings are the sample company's; the first has a rule.
var demoOpenings = []struct{ name, position string }{
	{"サーバーサイド開発（中途）", "バックエンドエンジニア"},
	{"フロントエンド開発（中途）", ""},
	{"CS部", ""},
}

// demoState is what a demo keeps beside its database, so that the next start goes on from there.
type demoState struct {
	MasterKey string    `json:"masterKey"`
	CompanyID uuid.UUID `json:"companyId"`
	Token     string    `json:"token"`
	// Password is the sample member's; empty in what demos kept that had no console.
	Password string `json:"password,omitempty"`
}

func demoCommand(ctx context.Context, i *invocation) (err error) {
	if _, err := i.parse(0); err != nil {
		return err
	}
	say := func(format string, args ...any) { fmt.Fprintf(i.out, format+"\n", args...) }
	say("Renkei 連携 demo. Ctrl-C ends everything; the data stays in %s.", i.config.DataDir)
	state, err := loadDemo(i.config.DataDir)
	if err != nil {
		return err
	}
	c := i.config.forDemo(state)

	if c.DatabaseURL == "" {
		say("• Postgres")
		server, err := embedded.Start(ctx, embedded.Options{
			DataDir: filepath.Join(c.DataDir, "postgres"), CacheDir: filepath.Join(c.DataDir, "cache"), Bin: c.PostgresBin,
			Progress: func(line string) { say("    %s", line) },
		})
		if err != nil {
			return err
		}
		defer func() {
			stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), demoStopPostgres)
			defer cancel()
			err = errors.Join(err, server.Stop(stopping))
			say("• Postgres has stopped. Goodbye.")
		}()
		c.DatabaseURL, c.DirectURL = server.URL(""), ""
	}
	if c.given["RENKEI_DATABASE_URL"] {
		if err := state.alone(ctx, c.direct(), i.log); err != nil {
			return err
		}
	}
	applied, err := db.Migrate(ctx, c.ownerURL())
	if err != nil {
		return err
	}
	say("• schema is current (%d migrations applied)", len(applied))
	return runDemo(ctx, i, c, state, say)
}

// forDemo fills in what the demo brings along.
func (c config) forDemo(state demoState) config {
	if !c.given["RENKEI_MASTER_KEYS"] && !c.given["RENKEI_MASTER_KEYS_FILE"] {
		c.MasterKeys = intake.NewSecret(state.MasterKey)
	}
	if !c.given["RENKEI_WANTEDLY_RATE"] {
		c.WantedlyRate = demoRate
	}
	if !c.given["RENKEI_IMPORT_INTERVAL"] {
		c.ImportInterval = demoInterval
	}
	if state.Password != "" && loopback(c.Listen) {
		c.demo = &web.SignIn{Email: demoMember, Password: state.Password}
	}
	return c
}

// ownerURL is the schema's owner's; the demo's own database has no other.
func (c config) ownerURL() string {
	if c.given["RENKEI_OWNER_DATABASE_URL"] {
		return c.OwnerURL
	}
	return c.direct()
}

// errNotADemo keeps the demo, which makes companies, members and tokens, away from what is in use.
var errNotADemo = errors.New("this database holds companies that are not the demo's: unset RENKEI_DATABASE_URL, and the demo runs one of its own")

// alone makes sure, before anything is changed, that a database holds no company but the demo's.
func (s demoState) alone(ctx context.Context, databaseURL string, log zerolog.Logger) error {
	pool, err := db.Open(ctx, databaseURL, 1)
	if errors.Is(err, db.ErrSchemaBehind) {
		return nil // it has never been ours
	}
	if err != nil {
		return fmt.Errorf("RENKEI_DATABASE_URL: %w", err)
	}
	defer pool.Close()
	companies, err := intake.New(pool, nil, nil, nil, intake.Settings{}, log).CompanyIDs(ctx)
	if refusal, ok := errors.AsType[*pgconn.PgError](err); ok && refusal.Code == "42P01" {
		return nil // there is no such table: another database of the server brought the roles
	}
	if err != nil {
		return err
	}
	for _, id := range companies {
		if id != s.CompanyID {
			return errNotADemo
		}
	}
	return nil
}

// runDemo runs the simulator and the program side by side and tells what happens.
func runDemo(ctx context.Context, i *invocation, c config, state demoState, say func(string, ...any)) error {
	var group *errgroup.Group
	group, ctx = errgroup.WithContext(ctx)
	var simulator net.Listener
	if c.WantedlyURL == "" {
		socket, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("open the simulator's socket: %w", err)
		}
		c.WantedlyURL = "http://" + socket.Addr().String()
		say("• Wantedly's simulator at %s: sign in as %s, or as anybody on its front page", c.WantedlyURL, demoLogin)
		simulator = socket
	}
	a, err := newApp(ctx, c, i.log, parts{api: true, workers: true})
	if err != nil {
		return err
	}
	if simulator != nil {
		sim, err := demoSimulator(ctx, a.service, state)
		if err != nil {
			return err
		}
		group.Go(func() error { return serveUntil(ctx, simulator, newHTTPServer(sim, i.log)) })
	}
	group.Go(func() error { return a.run(ctx) })
	group.Go(func() error {
		d := &demo{service: a.service, dataDir: c.DataDir, state: state, say: say, address: a.address()}
		return ignoreCancelled(d.show(ctx))
	})
	return group.Wait()
}

// demoSimulator plays a Wantedly that has at least as many tickets as have come in by now.
func demoSimulator(ctx context.Context, service *intake.Service, state demoState) (*wantedlysim.Server, error) {
	sim := wantedlysim.New(wantedlysim.Options{ArrivalEvery: demoArrivals, Control: true})
	sim.AddTicket(demoDomain, wantedlysim.TicketSpec{Position: demoDecorated, Kind: "APPLIED"})
	actor, err := service.ActorByToken(ctx, state.Token)
	if errors.Is(err, intake.ErrUnauthenticated) {
		// The first start.
		return sim, nil
	}
	if err != nil {
		return nil, err
	}
	read, err := service.CountInbox(ctx, actor, intake.InboxFilter{})
	if err != nil {
		return nil, err
	}
	for have := len(sim.Tickets(demoDomain, 1, 0)); have < read; have++ {
		sim.AddTicket(demoDomain, wantedlysim.TicketSpec{})
	}
	return sim, nil
}

func loadDemo(dir string) (demoState, error) {
	var state demoState
	file := filepath.Join(dir, "demo.json")
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		state.MasterKey, state.Password = intake.NewMasterKey(), rand.Text()
		return state, state.save(dir)
	}
	if err != nil {
		return state, fmt.Errorf("read the demo's keys: %w", err)
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		return state, fmt.Errorf("%s is damaged: mend it or move %s away", file, dir)
	}
	return state, nil
}

// save writes the state whole or not at all.
func (s demoState) save(dir string) error {
	raw, err := json.MarshalIndent(s, "", "  ") //nolint:gosec // the demo keeps its secrets in a file of its own
	if err != nil {
		return fmt.Errorf("encode the demo's keys: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // Postgres' own user has to get in
		return fmt.Errorf("make the data folder: %w", err)
	}
	file := filepath.Join(dir, "demo.json")
	if err := os.WriteFile(file+".new", raw, 0o600); err != nil {
		return fmt.Errorf("keep the demo's keys: %w", err)
	}
	return os.Rename(file+".new", file)
}
