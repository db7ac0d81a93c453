package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// times says how long some things took.
func spread(what string, took []time.Duration) string {
	if len(took) == 0 {
		return what + ": none"
	}
	sorted := slices.Sorted(slices.Values(took))
	at := func(share float64) string {
		return fmt.Sprintf("%.1f", sorted[min(len(sorted)-1, int(share*float64(len(sorted))))].Seconds())
	}
	if len(sorted) == 1 {
		return what + " " + at(0) + " s"
	}
	return strings.Join([]string{what, "p50", at(0.5), "p95", at(0.95), "worst", at(1), "s"}, " ")
}

// percentile is the time that this share of them took at most.
func percentile(took []time.Duration, share float64) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}
