package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"renkei/cmd/faults/flood"
)

// measureFlood floods the program with subscribers and fails where a promise is not kept.
func measureFlood(ctx context.Context, program, url string, sockets, companies int, lasts, every time.Duration) error {
	report, err := flood.Run(ctx, flood.Options{
		Program: program, DatabaseURL: url, Sockets: sockets, Companies: companies, For: lasts, Every: every,
		Say: func(s string) { fmt.Fprintln(os.Stderr, s) },
	})
	if err != nil {
		return fmt.Errorf("flood: %w", err)
	}
	fmt.Printf("\n%s\n", report)
	if problems := report.Problems(); len(problems) > 0 {
		return fmt.Errorf("flood: %s", strings.Join(problems, "; "))
	}
	return nil
}
