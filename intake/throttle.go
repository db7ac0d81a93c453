package intake

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// How often somebody may try to get in.
const (
	throttleSpan    = 15 * time.Minute
	triesPerEmail   = 5
	triesPerAddress = 50
	// networkBits is what one customer of a provider has of IPv6.
	networkBits = 64
)

// ThrottledError says that somebody tried too often.
type ThrottledError struct {
	// RetryAfter is how long until another try is heard.
	RetryAfter time.Duration
}

func (e *ThrottledError) Error() string {
	return fmt.Sprintf("tried too often: again in %s", e.RetryAfter)
}

// countAddress counts a try from a network address, or fails with a ThrottledError.
func (s *Service) countAddress(ctx context.Context, address string) error {
	return s.countTry(ctx, throttleKey("address", network(address)), triesPerAddress)
}

func (s *Service) countTry(ctx context.Context, key []byte, enough int32) error {
	wait, err := s.across().CountTry(ctx, dbgen.CountTryParams{Key: key, Span: throttleSpan, Enough: enough})
	if err != nil {
		return fmt.Errorf("count try: %w", err)
	}
	if wait > 0 {
		// Who waited behind others' tries reckons from before them.
		return &ThrottledError{RetryAfter: min(wait, throttleSpan)}
	}
	return nil
}

func emailKey(email string) []byte { return throttleKey("email", strings.ToLower(email)) }

// memberKey is a member's own: what somebody does as a member of one company counts for no other.
func memberKey(companyID, memberID uuid.UUID) []byte {
	return throttleKey("member", companyID.String()+":"+memberID.String())
}

func throttleKey(kind, of string) []byte {
	sum := sha256.Sum256([]byte(kind + ":" + of))
	return sum[:]
}

// network is what an address counts as: with IPv6 everybody has more addresses than there are tries.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		// 64 bits are within every IPv6 address.
		prefix, _ := ip.Prefix(networkBits)
		return prefix.String()
	}
	return ip.String()
}

// pruneAccess deletes the sessions and tries that nobody asks for any more.
func (s *Service) pruneAccess(ctx context.Context) error {
	for _, prune := range []func() (int64, error){
		func() (int64, error) { return s.across().PruneTries(ctx, pruneBatch) },
		func() (int64, error) {
			return s.across().PruneSessions(ctx, dbgen.PruneSessionsParams{Age: sessionsKept, MaxRows: pruneBatch})
		},
	} {
		for {
			n, err := prune()
			if err != nil {
				return fmt.Errorf("prune sessions and tries: %w", err)
			}
			if n < pruneBatch {
				break
			}
		}
	}
	return nil
}
