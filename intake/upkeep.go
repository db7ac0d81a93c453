package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

const (
	// abandonedAfter is when work whose lease ran out should long have been revived: that happens twice a second.
	abandonedAfter = 15 * time.Second
	// overdueAfter is when an import should long have been queued: that happens each minute.
	overdueAfter = 10 * time.Minute
)

// Workload is what workers have in hand, of all companies.
type Workload struct {
	// Held are accounts that are being worked on. Abandoned are accounts and files whose worker died and whom nobody
	// has revived: no process works. Overdue are imports that nobody has queued.
	Held, Abandoned, Overdue int64
}

// Workload counts what workers have in hand.
func (s *Service) Workload(ctx context.Context) (Workload, error) {
	row, err := s.across().WorkLeftBehind(ctx, dbgen.WorkLeftBehindParams{Patience: abandonedAfter, Late: overdueAfter})
	if err != nil {
		return Workload{}, fmt.Errorf("look for work that was left behind: %w", err)
	}
	return Workload{Held: row.Held, Abandoned: row.Abandoned, Overdue: row.Overdue}, nil
}

// Administration says who could look after their company.
type Administration struct {
	// Companies is how many there are, Unattended how many of them have no administrator who can sign in.
	Companies, Unattended int64
	// Operating tells whether the company that was asked for is one of them.
	Operating bool
}

// Administration looks whether each company has an administrator with a password or an identity of a provider. With
// provider, who has neither can sign in by their address.
func (s *Service) Administration(ctx context.Context, operating uuid.UUID, provider bool) (Administration, error) {
	row, err := s.across().WhoAdministers(ctx, dbgen.WhoAdministersParams{Provider: provider, Operating: operating})
	if err != nil {
		return Administration{}, fmt.Errorf("look for administrators: %w", err)
	}
	return Administration{Companies: row.Companies, Unattended: row.Without, Operating: row.Operating > 0}, nil
}
