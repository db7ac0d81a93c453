package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

const (
	resealBatch = 500
	// resealSilence is how long a re-sealing may say nothing before somebody else goes on with it.
	resealSilence = 15 * time.Second
	// resealPause is when to look again where only something passing is in the way: a row that is locked, a
	// process that does not yet seal with the new key.
	resealPause = 2 * time.Second
	// resealRest is when to look again at what the key does not open.
	resealRest = time.Hour
)

// sealedColumn is a column of sealed values, in a table with the key (company_id, id). The migration that makes
// one calls seal_column for it.
type sealedColumn struct {
	table, column string
	// subject is the column with the id that a value is bound to.
	subject string
	// field is the name that a value is bound to.
	field string
}

// sealedColumns is every column that the vault seals: what is not here is not sealed anew.
func sealedColumns() []sealedColumn {
	return []sealedColumn{
		{"medium_accounts", "credential", "id", credentialField},
		{"medium_accounts", "session", "id", sessionField},
		{"invalid_records", "sample", "account_id", sampleField},
		{"import_runs", "sample", "account_id", sampleField},
		{"candidates", "sealed", "id", profileField},
		{"selection_events", "sealed_note", "application_id", noteField},
		{"company_keys", "sealed", "id", companyKeyField},
		{"file_imports", "sealed", "id", filePlanField},
		{"file_chunks", "sealed", "id", fileChunkField},
		{"file_bad_lines", "sealed", "id", badLineField},
		{"notification_endpoints", "sealed", "id", endpointField},
	}
}

// batch is how many values are in hand at once: parts of files are large.
func (c sealedColumn) batch() int {
	if c.field == fileChunkField {
		return 8
	}
	return resealBatch
}

func (c sealedColumn) place() string { return c.table + "." + c.column }

// sql puts the column's names, which are the program's own, into a statement.
func (c sealedColumn) sql(statement string) string {
	return fmt.Sprintf(statement, pgx.Identifier{c.table}.Sanitize(), pgx.Identifier{c.column}.Sanitize(),
		pgx.Identifier{c.subject}.Sanitize(), pgx.Identifier{c.column + "_key"}.Sanitize())
}

// rowID is where a value stands.
type rowID struct{ CompanyID, ID uuid.UUID }

// under are the next places behind one where a key sealed something, in all companies.
func (c sealedColumn) under(ctx context.Context, tx pgx.Tx, p dbgen.VaultReseal) ([]rowID, error) {
	rows, err := tx.Query(ctx, c.sql(`SELECT company_id, id FROM %[1]s
		WHERE %[4]s = $1 AND (company_id, id) > ($2, $3) ORDER BY company_id, id LIMIT $4`), p.KeyID, p.AfterCompany, p.AfterID, c.batch())
	if err != nil {
		return nil, fmt.Errorf("look through %s: %w", c.place(), err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[rowID])
	return found, wrap("look through "+c.place(), err)
}

// countSealed is how many values each key sealed, in all companies.
func countSealed(ctx context.Context, tx pgx.Tx) (map[KeyID]int64, error) {
	count := make(map[KeyID]int64)
	for _, c := range sealedColumns() {
		rows, err := tx.Query(ctx, c.sql("SELECT %[4]s, count(*) FROM %[1]s WHERE %[4]s IS NOT NULL GROUP BY 1")) //nolint:rowserrcheck // ForEachRow checks
		if err != nil {
			return nil, fmt.Errorf("count %s: %w", c.place(), err)
		}
		var id, n int64
		if _, err := pgx.ForEachRow(rows, []any{&id, &n}, func() error { count[keyID(id)] += n; return nil }); err != nil {
			return nil, fmt.Errorf("count %s: %w", c.place(), err)
		}
	}
	return count, nil
}

// sealedWith is how many values a key sealed, in all companies.
func sealedWith(ctx context.Context, tx pgx.Tx, id KeyID) (int64, error) {
	var total int64
	for _, c := range sealedColumns() {
		var n int64
		if err := tx.QueryRow(ctx, c.sql("SELECT count(*) FROM %[1]s WHERE %[4]s = $1"), int64(id)).Scan(&n); err != nil {
			return 0, fmt.Errorf("count %s: %w", c.place(), err)
		}
		total += n
	}
	return total, nil
}

// sealedValue is a value and what it is bound to, beside its company.
type sealedValue struct {
	ID, Subject uuid.UUID
	Sealed      []byte
}

// take reads and locks values of one company that a key sealed. What somebody else has locked is passed over: whoever
// waited for one would hold all the others up.
func (c sealedColumn) take(ctx context.Context, tx pgx.Tx, companyID uuid.UUID, key int64, ids []uuid.UUID) ([]sealedValue, error) {
	rows, err := tx.Query(ctx, c.sql(`SELECT id, %[3]s, %[2]s FROM %[1]s
		WHERE company_id = $1 AND id = ANY($2::uuid[]) AND %[4]s = $3 ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`), companyID, ids, key)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", c.place(), err)
	}
	values, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sealedValue])
	return values, wrap("read "+c.place(), err)
}

// swap puts fresh values of one company in the place of old ones, where those still stand, and returns how many did.
func (c sealedColumn) swap(ctx context.Context, tx pgx.Tx, companyID uuid.UUID, values []sealedValue, fresh [][]byte) (int64, error) {
	ids, old := make([]uuid.UUID, len(values)), make([][]byte, len(values))
	for i, v := range values {
		ids[i], old[i] = v.ID, v.Sealed
	}
	done, err := tx.Exec(ctx, c.sql(`UPDATE %[1]s t SET %[2]s = n.fresh
		FROM (SELECT unnest($2::uuid[]) AS id, unnest($3::bytea[]) AS old, unnest($4::bytea[]) AS fresh) n
		WHERE t.company_id = $1 AND t.id = n.id AND t.%[2]s = n.old`), companyID, ids, old, fresh)
	return done.RowsAffected(), wrap("re-seal "+c.place(), err)
}

// Reseal seals with the new key what old ones sealed, in batches, and disables an old key when nothing is left under
// it. It may end at any point and run any number of times, also at once: each goes on where the others stand.
// What has to wait is taken up again by KeyHolder.Keep.
func (s *Service) Reseal(ctx context.Context) error {
	var open []int64
	err := s.beginAcross(ctx, "claim re-sealing", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) (err error) {
		open, err = q.OpenReseals(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("find what to re-seal: %w", err)
	}
	var errs []error
	for _, id := range open {
		err := s.resealKey(ctx, keyID(id))
		if ctx.Err() != nil {
			return s.handOverReseal(ctx)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("re-seal what key %s sealed: %w", keyID(id), err))
		}
	}
	return errors.Join(errs...)
}

// handOverReseal lets somebody else go on at once when this process is told to stop.
func (s *Service) handOverReseal(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handOverTimeout)
	defer cancel()
	err := s.beginAcross(ctx, "hand re-sealing over", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error { return q.WakeReseals(ctx) })
	return wrap("hand re-sealing over", err)
}

// resealKey makes passes over every sealed column for as long as they come to something.
func (s *Service) resealKey(ctx context.Context, id KeyID) error {
	for {
		more := true
		for more {
			var err error
			if more, err = s.resealNext(ctx, id); err != nil {
				return err
			}
		}
		again, err := s.settle(ctx, id)
		if err != nil || !again {
			return err
		}
	}
}

// resealNext seals the next batch anew, company by company. It reports whether the pass goes on.
func (s *Service) resealNext(ctx context.Context, id KeyID) (more bool, err error) {
	var p dbgen.VaultReseal
	var rows []rowID
	columns := sealedColumns()
	at := 0
	err = s.beginAcross(ctx, "find what to re-seal", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) (err error) {
		if p, err = q.Reseal(ctx, int64(id)); err != nil {
			return err
		}
		if err := s.readyToReseal(ctx, q, id); err != nil {
			return err
		}
		if p.Place == "" {
			p.Unreadable = 0
		}
		at = max(0, slices.IndexFunc(columns, func(c sealedColumn) bool { return c.place() == p.Place }))
		rows, err = columns[at].under(ctx, tx, p)
		return err
	})
	if db.IsNoRows(err) {
		return false, nil // somebody else has finished it
	}
	if err != nil {
		return false, err
	}
	last := len(rows) < columns[at].batch()
	for len(rows) > 0 {
		n := slices.IndexFunc(rows, func(r rowID) bool { return r.CompanyID != rows[0].CompanyID })
		if n < 0 {
			n = len(rows)
		}
		if p, err = s.resealCompany(ctx, columns[at], p, rows[:n]); err != nil {
			return errors.Is(err, errOvertaken), ignoreOvertaken(err)
		}
		rows = rows[n:]
	}
	if !last {
		return true, nil
	}
	return s.nextColumn(ctx, columns, at, p)
}

// errOvertaken says that somebody else has gone on with the re-sealing in the meantime.
var errOvertaken = errors.New("overtaken by another re-sealing")

func ignoreOvertaken(err error) error {
	if errors.Is(err, errOvertaken) {
		return nil
	}
	return err
}

// resealCompany seals values of one company anew and notes how far that is.
func (s *Service) resealCompany(ctx context.Context, c sealedColumn, p dbgen.VaultReseal, rows []rowID) (dbgen.VaultReseal, error) {
	company := rows[0].CompanyID
	err := s.begin(ctx, company, "re-seal company", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		if err := goOn(ctx, q, p); err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(rows))
		for i, r := range rows {
			ids[i] = r.ID
		}
		values, err := c.take(ctx, tx, company, p.KeyID, ids)
		if err != nil {
			return err
		}
		readable, fresh, err := s.sealAnew(c, company, values)
		if err != nil {
			return err
		}
		var done int64
		if len(fresh) > 0 {
			if done, err = c.swap(ctx, tx, company, readable, fresh); err != nil {
				return err
			}
		}
		p.Place, p.AfterCompany, p.AfterID = c.place(), company, ids[len(ids)-1]
		p.Unreadable += int64(len(values) - len(readable))
		return wrap("note progress", q.MoveReseal(ctx, moveOf(p, done)))
	})
	return p, err
}

// goOn fails with errOvertaken where somebody else is further than p, or has begun anew.
func goOn(ctx context.Context, q *dbgen.Queries, p dbgen.VaultReseal) error {
	now, err := q.LockReseal(ctx, p.KeyID)
	if db.IsNoRows(err) {
		return errOvertaken
	}
	if err != nil {
		return fmt.Errorf("read progress: %w", err)
	}
	if now.Place != p.Place || now.AfterCompany != p.AfterCompany || now.AfterID != p.AfterID {
		return errOvertaken
	}
	return nil
}

func moveOf(p dbgen.VaultReseal, resealed int64) dbgen.MoveResealParams {
	return dbgen.MoveResealParams{
		KeyID: p.KeyID, Place: p.Place, AfterCompany: p.AfterCompany, AfterID: p.AfterID,
		Resealed: resealed, Unreadable: p.Unreadable, Within: resealSilence,
	}
}

// nextColumn goes on to the next column. It reports whether there is one.
func (s *Service) nextColumn(ctx context.Context, columns []sealedColumn, at int, p dbgen.VaultReseal) (bool, error) {
	more := at+1 < len(columns)
	err := s.beginAcross(ctx, "go on to next column", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		if err := goOn(ctx, q, p); err != nil {
			return err
		}
		if more {
			p.Place, p.AfterCompany, p.AfterID = columns[at+1].place(), uuid.Nil, uuid.Nil
		}
		return wrap("note progress", q.MoveReseal(ctx, moveOf(p, 0)))
	})
	return more || errors.Is(err, errOvertaken), ignoreOvertaken(err)
}

// readyToReseal makes sure that both keys are at hand and that the right one seals.
func (s *Service) readyToReseal(ctx context.Context, q *dbgen.Queries, old KeyID) error {
	keys, err := vaultKeys(ctx, q)
	if err != nil {
		return err
	}
	primary, found := primaryOf(keys)
	if !found || primary == old {
		return errors.New("no other key seals")
	}
	seals, err := s.vault.sealWith(primary)
	switch {
	case err != nil:
		return err
	case !seals:
		return fmt.Errorf("this process lacks key %s, which seals", primary)
	case !s.vault.holds(old):
		return errors.New("this process lacks the key")
	}
	return nil
}

// sealAnew opens values and seals them again; what does not open is left out.
func (s *Service) sealAnew(c sealedColumn, companyID uuid.UUID, values []sealedValue) (readable []sealedValue, fresh [][]byte, err error) {
	for _, v := range values {
		value, err := s.vault.Open(v.Sealed, companyID, v.Subject, c.field)
		if err != nil {
			s.log.Error().Err(err).Str("place", c.place()).Stringer("id", v.ID).Msg("a sealed value does not open: it is left as it is")
			continue
		}
		sealed, err := s.vault.Seal(value, companyID, v.Subject, c.field)
		if err != nil {
			return nil, nil, err
		}
		readable, fresh = append(readable, v), append(fresh, sealed)
	}
	return readable, fresh, nil
}

// settle comes to an end with a pass: the key is disabled if nothing is left under it and nobody seals with it; or
// the next pass begins. It reports whether that should be now.
func (s *Service) settle(ctx context.Context, id KeyID) (again bool, err error) {
	err = s.beginAcross(ctx, "settle re-sealing", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		p, err := q.LockReseal(ctx, int64(id))
		if db.IsNoRows(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read progress: %w", err)
		}
		// From here on nobody writes under the key: vault_may_seal waits for the end of this transaction.
		alone, err := q.TryKeyToItself(ctx, p.KeyID)
		if err != nil {
			return fmt.Errorf("have the key alone: %w", err)
		}
		left, err := sealedWith(ctx, tx, id)
		if err != nil {
			return err
		}
		holders, err := q.VaultHolders(ctx, holderPatience)
		if err != nil {
			return fmt.Errorf("read who holds keys: %w", err)
		}
		stillUsed := slices.ContainsFunc(holders, func(h dbgen.VaultHolder) bool { return h.SealsWith == p.KeyID })
		if left == 0 && alone && !stillUsed {
			if _, err := q.DisableVaultKey(ctx, p.KeyID); err != nil {
				return fmt.Errorf("disable the key: %w", err)
			}
			s.log.Info().Stringer("key", id).Int64("values", p.Resealed).Msg("everything is sealed anew: the old key is disabled")
			return wrap("finish", q.FinishReseal(ctx, p.KeyID))
		}
		pause := resealPause
		switch {
		case left > 0 && p.PassResealed > 0:
			pause, again = resealSilence, true
		case left > 0 && left == p.Unreadable:
			pause = resealRest
		}
		return wrap("end the pass", q.EndPass(ctx, dbgen.EndPassParams{KeyID: p.KeyID, Pause: pause}))
	})
	return again, err
}
