package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// proxy stands between a process and what it talks to, and can be made to misbehave.
type proxy struct{ *toxiproxy.Proxy }

func startProxy(name, upstream string) (*proxy, error) {
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	p := &proxy{toxiproxy.NewProxy(server, name, "127.0.0.1:0", upstream)}
	if err := p.Start(); err != nil {
		return nil, fmt.Errorf("start proxy: %w", err)
	}
	return p, nil
}

// toxic makes the proxy misbehave in both directions; see toxiproxy's list of toxics.
func (p *proxy) toxic(kind, attributes string) error {
	for _, stream := range []string{"upstream", "downstream"} {
		body := fmt.Sprintf(`{"name":%q,"type":%q,"stream":%q,"attributes":%s}`, kind+"-"+stream, kind, stream, attributes)
		if _, err := p.Toxics.AddToxicJson(strings.NewReader(body)); err != nil {
			return err
		}
	}
	return nil
}

// blackHole lets nothing through and closes nothing.
func (p *proxy) blackHole() error { return p.toxic("timeout", `{"timeout":0}`) }

// heal takes every toxic away.
func (p *proxy) heal(ctx context.Context) { p.Toxics.ResetToxics(ctx) }
