package intake

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
	"renkei/tabular"
)

// reviveFiles gives the files whose worker died, or whose job was lost, to somebody else.
func (s *Service) reviveFiles(ctx context.Context) (int, error) {
	n := 0
	err := s.beginPulse(ctx, func(tx pgx.Tx, q *dbgen.Queries) error {
		rows, err := q.ReviveFileImports(ctx, dbgen.ReviveFileImportsParams{Patience: wakePatience, MaxRows: fileRevivals})
		if err != nil {
			return fmt.Errorf("find dead workers' files: %w", err)
		}
		n = len(rows)
		for _, r := range rows {
			if err := s.queue.ImportFile(ctx, tx, FileTask{r.CompanyID, r.ID}); err != nil {
				return fmt.Errorf("wake somebody: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// pruneFiles forgets what files left of people who did not come in.
func (s *Service) pruneFiles(ctx context.Context) error {
	if err := tabular.Sweep("", unpackedKept); err != nil {
		return fmt.Errorf("remove what was unpacked: %w", err)
	}
	for {
		companies, err := s.across().CompaniesWithOldFiles(ctx, dbgen.CompaniesWithOldFilesParams{Age: filesKept, MaxRows: pruneBatch})
		if err != nil {
			return fmt.Errorf("find old files: %w", err)
		}
		for _, id := range companies {
			// A file may have many lines that did not come in.
			if _, err := s.of(id).PruneFiles(ctx, dbgen.PruneFilesParams{CompanyID: id, Age: filesKept, MaxRows: 1}); err != nil {
				return fmt.Errorf("prune files: %w", err)
			}
		}
		if len(companies) == 0 {
			return nil
		}
	}
}
