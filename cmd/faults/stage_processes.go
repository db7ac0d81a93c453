package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// start starts another process, under a name of its own.
func (s *stage) start(ctx context.Context) (*process, error) {
	return s.startAs(ctx, s.bench.program, nil)
}

// startAs starts another program, such as an older version, with further settings.
func (s *stage) startAs(ctx context.Context, program string, env map[string]string) (*process, error) {
	s.mu.Lock()
	s.lives++
	name := fmt.Sprintf("p%d", s.lives)
	s.mu.Unlock()
	metrics, err := free(ctx)
	if err != nil {
		return nil, err
	}
	settings := map[string]string{
		"RENKEI_DATABASE_URL": s.cluster.url(s.database, name), "RENKEI_CONTACT": name + "@faults.invalid", "RENKEI_METRICS_LISTEN": metrics,
	}
	if s.row.setting.proxied {
		between, err := startProxy(name, s.cluster.address())
		if err != nil {
			return nil, err
		}
		s.proxies[name] = between
		settings["RENKEI_DATABASE_URL"] = tcp(between.Listen, s.database, name)
	}
	for _, more := range []map[string]string{s.env, env} {
		maps.Copy(settings, more)
	}
	p, err := spawn(ctx, s.dir, name, program, settings, append([]string{"serve"}, s.row.setting.args...)...)
	if err != nil {
		return nil, err
	}
	p.metrics = metrics
	s.mu.Lock()
	s.processes = append(s.processes, p)
	s.logs = append(s.logs, p.logFile)
	s.mu.Unlock()
	if err := p.serving(ctx, servingAt); err != nil {
		return nil, err
	}
	return p, p.ready(ctx)
}

// alive are the processes that have not ended.
func (s *stage) alive() []*process {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.processes = slices.DeleteFunc(s.processes, (*process).ended)
	return slices.Clone(s.processes)
}

// serving are the processes that are alive and can be reached.
func (s *stage) serving() []*process {
	return slices.DeleteFunc(s.alive(), func(p *process) bool { return p.address == "" })
}

// addresses are those of the processes that are alive.
func (s *stage) addresses() []string {
	var all []string
	for _, p := range s.serving() {
		all = append(all, p.address)
	}
	return all
}

// named is the process of this name; nil where it has ended.
func (s *stage) named(name string) *process {
	for _, p := range s.alive() {
		if p.name == name {
			return p
		}
	}
	return nil
}

// any is a process that is alive.
func (s *stage) any() *process {
	all := s.alive()
	if len(all) == 0 {
		return nil
	}
	return all[s.rand.IntN(len(all))]
}

// command runs a command of the program on the stage's database.
func (s *stage) command(ctx context.Context, args ...string) (string, error) {
	return call(ctx, s.program, map[string]string{
		"RENKEI_DATABASE_URL": s.cluster.url(s.database, "command"), "RENKEI_MASTER_KEYS": s.env["RENKEI_MASTER_KEYS"],
	}, args...)
}
