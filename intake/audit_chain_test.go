package intake_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/intake"
)

// written is a company with a log of so many lines.
func (b *testBundle) written(t *testing.T, lines int) intake.Actor {
	t.Helper()
	actor := b.company(t, "株式会社ログ")
	for n := range lines {
		_, err := b.svc.CreateOpening(t.Context(), actor, intake.OpeningInput{Name: fmt.Sprint("求人", n)})
		require.NoError(t, err)
	}
	return actor
}

// asOwner runs SQL as who owns the table, past its trigger.
func (b *testBundle) asOwner(t *testing.T, sql string, args ...any) {
	t.Helper()
	require.NoError(t, pgx.BeginFunc(t.Context(), b.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), sql, args...)
		return err
	}))
}

const (
	// hashAnew makes a line's hash fit what it says.
	hashAnew = "UPDATE audit_log l SET hash = sha256(convert_to(audit_text(l), 'UTF8')) WHERE company_id = $1 AND n = 3"
	// writeAnew makes the whole chain fit what its lines say.
	writeAnew = `DO $$
		DECLARE l audit_log; before bytea := '\x'; BEGIN
			FOR l IN SELECT * FROM audit_log WHERE company_id = '%s' ORDER BY n LOOP
				l.previous := before;
				before := sha256(convert_to(audit_text(l), 'UTF8'));
				UPDATE audit_log SET previous = l.previous, hash = before WHERE company_id = l.company_id AND n = l.n;
			END LOOP;
		END $$`
	forge = `INSERT INTO audit_log (company_id, n, at, actor, action, previous, hash)
		SELECT company_id, %d, now(), 'SYSTEM', 'RULE_CREATED', hash, sha256('') FROM audit_log WHERE company_id = $1 AND n = 5`
)

func TestAuditChainThatWasTamperedWithIsFoundBroken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	elsewhere := b.written(t, 1).Company.ID
	for name, c := range map[string]struct {
		sql  []string
		line int
		what string
	}{
		"a line is changed":                {[]string{`UPDATE audit_log SET detail = '{"steps": 9}' WHERE company_id = $1 AND n = 3`}, 3, "it was changed"},
		"its time is changed":              {[]string{"UPDATE audit_log SET at = at + interval '1 microsecond' WHERE company_id = $1 AND n = 1"}, 1, "it was changed"},
		"its member is gone":               {[]string{"UPDATE audit_log SET member_id = NULL, actor = 'SYSTEM' WHERE company_id = $1 AND n = 5"}, 5, "it was changed"},
		"a line is changed and hashed":     {[]string{"UPDATE audit_log SET action = 'RULE_DELETED' WHERE company_id = $1 AND n = 3", hashAnew}, 4, "it does not go on from the line before"},
		"a line is removed":                {[]string{"DELETE FROM audit_log WHERE company_id = $1 AND n = 3"}, 3, "it is missing"},
		"lines are removed":                {[]string{"DELETE FROM audit_log WHERE company_id = $1 AND n IN (2, 3)"}, 2, "so is all before line 4"},
		"the first line is removed":        {[]string{"DELETE FROM audit_log WHERE company_id = $1 AND n = 1"}, 1, "it is missing"},
		"a line is removed, and it closed": {[]string{"DELETE FROM audit_log WHERE company_id = $1 AND n = 3", "UPDATE audit_log SET n = n - 1 WHERE company_id = $1 AND n > 3"}, 3, "it was changed"},
		"two lines are swapped": {[]string{
			"UPDATE audit_log SET n = 100 WHERE company_id = $1 AND n = 2", "UPDATE audit_log SET n = 2 WHERE company_id = $1 AND n = 3",
			"UPDATE audit_log SET n = 3 WHERE company_id = $1 AND n = 100",
		}, 2, "it was changed"},
		"a line is forged":                {[]string{fmt.Sprintf(forge, 6)}, 6, "never written by the program"},
		"a line is forged before all":     {[]string{fmt.Sprintf(forge, 0)}, 0, "numbered from 1"},
		"a line goes to another's log":    {[]string{"UPDATE audit_log SET company_id = '" + elsewhere.String() + "' WHERE company_id = $1 AND n = 2"}, 2, "it is missing"},
		"a value slips into the next one": {[]string{"UPDATE audit_log SET address = '1', credential = 'TOKEN' WHERE company_id = $1 AND n = 2"}, 2, "it was changed"},
	} {
		id := b.written(t, 5).Company.ID
		head, err := b.svc.VerifyAudit(t.Context(), id)
		require.NoError(t, err, name)
		require.Equal(t, 5, head.N, name)
		for _, sql := range c.sql {
			b.asOwner(t, sql, id)
		}
		_, err = b.svc.VerifyAudit(t.Context(), id)
		var broken *intake.BrokenLogError
		require.ErrorAs(t, err, &broken, name)
		require.Equal(t, c.line, broken.N, "%s: %v", name, err)
		require.Contains(t, broken.What, c.what, name)
	}
}

func TestAuditChainThatLostItsEndIsFoundByItsNotedHead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, c := range map[string]struct {
		sql  string
		line int
		what string
	}{
		"its end is cut off":   {"DELETE FROM audit_log WHERE company_id = '%s' AND n > 3", 4, "went as far as line 5"},
		"all of it is gone":    {"DELETE FROM audit_log WHERE company_id = '%s'", 1, "went as far as line 5"},
		"it is written anew":   {"UPDATE audit_log SET action = 'RULE_DELETED' WHERE company_id = '%s' AND n = 2;" + writeAnew, 3, "written anew"},
		"its end was replaced": {"UPDATE audit_log SET action = 'RULE_DELETED' WHERE company_id = '%s' AND n = 5;" + writeAnew, 5, "written anew"},
	} {
		actor := b.written(t, 3)
		id := actor.Company.ID
		early, err := b.svc.VerifyAudit(t.Context(), id)
		require.NoError(t, err)
		for range 2 {
			_, err := b.svc.CreateOpening(t.Context(), actor, intake.OpeningInput{Name: "x"})
			require.NoError(t, err)
		}
		late, err := b.svc.VerifyAudit(t.Context(), id, early, intake.AuditHead{})
		require.NoError(t, err, "%s: a log may have grown", name)
		b.exec(t, strings.ReplaceAll(c.sql, "%s", id.String()))
		_, err = b.svc.VerifyAudit(t.Context(), id)
		require.NoError(t, err, "%s: nothing in it tells", name)
		_, err = b.svc.VerifyAudit(t.Context(), id, late, early)
		var broken *intake.BrokenLogError
		require.ErrorAs(t, err, &broken, name)
		require.Equal(t, c.line, broken.N, "%s: %v", name, err)
		require.Contains(t, broken.What, c.what, name)
	}
}

func TestAuditHeadIsReadAsItWasNoted(t *testing.T) {
	t.Parallel()
	head := intake.AuditHead{N: 12, Hash: []byte(strings.Repeat("h", 32))}
	read, err := intake.ParseAuditHead(head.String())
	require.NoError(t, err)
	require.Equal(t, head, read)
	empty, err := intake.ParseAuditHead(intake.AuditHead{}.String())
	require.NoError(t, err)
	require.Zero(t, empty.N)
	for _, bad := range []string{"", "12", "12:", "12:abcd", "x:" + strings.Repeat("00", 32), "-1:" + strings.Repeat("00", 32), "12:" + strings.Repeat("zz", 32)} {
		_, err := intake.ParseAuditHead(bad)
		require.Error(t, err, bad)
	}
}

// What the database hashes and what we hash are two programs: they agree on every kind of value.
func TestAuditChainHashesAsTheDatabaseDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	member := b.actor.Member.ID
	for i, detail := range []string{
		`{}`, `{"b": 1, "a": [1.50, 1e3, -0, null, true], "名": "値、\u0000x", "深": {"い": "\"\\\n"}}`, `{"at": "2026-04-01T00:00:00.000001Z", "n": 123456789012345678901234567890.5}`,
	} {
		detail = strings.ReplaceAll(detail, `\u0000`, `\u0001`)
		b.exec(t, `INSERT INTO audit_log (company_id, n, at, actor, member_id, credential, credential_id, address, action, subject_id, detail, previous, hash)
			VALUES ($1, 0, now(), $2, $3, $4, $5, $6, 'RULE_CREATED', $7, $8, 'ignored', 'ignored')`, b.actor.Company.ID,
			[]string{"MEMBER", "NOBODY", "OPERATOR"}[i], []*uuid.UUID{&member, nil, nil}[i], []string{"TOKEN", "OIDC", ""}[i],
			[]*uuid.UUID{&member, nil, nil}[i], []string{"", "2001:db8::1", "住所, 1:2"}[i], []*uuid.UUID{nil, &member, nil}[i], detail)
	}
	head, err := b.svc.VerifyAudit(t.Context(), b.actor.Company.ID)
	require.NoError(t, err)
	require.Equal(t, 3, head.N)
}

func TestAuditIsAppendOnlyForTheProgram(t *testing.T) {
	t.Parallel()
	b := setup(t)
	actor := b.written(t, 5)
	before := b.everything(t)["audit_log"]
	forbidden := []string{
		"UPDATE audit_log SET action = 'RULE_DELETED'", "UPDATE audit_log SET at = now() WHERE false", "DELETE FROM audit_log", "TRUNCATE audit_log",
		"TRUNCATE companies CASCADE", "DROP TABLE audit_log", "ALTER TABLE audit_log DISABLE TRIGGER audit_chain", "ALTER TABLE audit_log DISABLE TRIGGER ALL",
		"DROP TRIGGER audit_chain ON audit_log", "ALTER TABLE audit_log DISABLE ROW LEVEL SECURITY",
		"CREATE OR REPLACE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
		"CREATE TRIGGER mine BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_chain()",
		"ALTER TABLE audit_log ADD COLUMN more text", "ALTER TABLE audit_log OWNER TO CURRENT_USER", "SELECT * FROM audit_log FOR UPDATE",
		"INSERT INTO audit_log SELECT * FROM audit_log ON CONFLICT (company_id, n) DO UPDATE SET action = 'RULE_DELETED'",
		"COPY audit_log TO PROGRAM 'cat'", "SET session_replication_role = replica",
	}
	for _, sql := range forbidden {
		for role, begin := range map[string]func(f func(pgx.Tx) error) error{
			"the program": func(f func(pgx.Tx) error) error {
				return db.BeginWithin(t.Context(), b.program, actor.Company.ID, db.ReadWrite, f)
			},
			"the keeper": func(f func(pgx.Tx) error) error { return db.BeginAcross(t.Context(), b.program, f) },
		} {
			err := begin(func(tx pgx.Tx) error {
				_, err := tx.Exec(t.Context(), sql)
				return err
			})
			require.ErrorContains(t, err, "SQLSTATE 42501", "%s: %s", role, sql)
		}
	}
	require.Equal(t, before, b.everything(t)["audit_log"])

	// A line that it makes up is numbered and tied like any other.
	require.NoError(t, db.BeginWithin(t.Context(), b.program, actor.Company.ID, db.ReadWrite, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO audit_log (company_id, n, at, actor, action, previous, hash)
			VALUES ($1, 3, '2020-01-01', 'SYSTEM', 'RULE_CREATED', '\x00', sha256('mine'))`, actor.Company.ID)
		return err
	}))
	head, err := b.svc.VerifyAudit(t.Context(), actor.Company.ID)
	require.NoError(t, err)
	require.Equal(t, 6, head.N)
	require.Zero(t, b.number(t, "SELECT count(*) FROM audit_log WHERE at < '2021-01-01'"))
}

func TestAuditChainOfFiftyWhoWriteAtOnceHasNoGap(t *testing.T) {
	t.Parallel()
	b := setup(t)
	pool, err := db.Open(t.Context(), b.pool.Config().ConnString(), 50)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	crowd := *b
	crowd.program = pool
	svc := crowd.process(b.source)
	other := b.company(t, "隣の会社")
	errs := make([]error, 50)
	var ready, wg sync.WaitGroup
	ready.Add(len(errs))
	for i := range errs {
		wg.Go(func() {
			ready.Done()
			ready.Wait()
			for n := range 4 {
				actor := b.actor
				if n == 3 && i%10 == 0 {
					actor = other
				}
				if _, err := svc.CreateOpening(t.Context(), actor, intake.OpeningInput{Name: fmt.Sprint(i, n)}); err != nil {
					errs[i] = err
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	for id, want := range map[uuid.UUID]int{b.actor.Company.ID: 195, other.Company.ID: 5} {
		head, err := b.svc.VerifyAudit(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, want, head.N)
	}
	// What is taken back leaves no gap either.
	require.Error(t, db.BeginWithin(t.Context(), b.program, b.actor.Company.ID, db.ReadWrite, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO audit_log (company_id, n, at, actor, action, previous, hash)
			VALUES ($1, 0, now(), 'SYSTEM', 'RULE_CREATED', '', '')`, b.actor.Company.ID)
		require.NoError(t, err)
		return context.Canceled
	}))
	b.opening(t, "x")
	head, err := b.svc.VerifyAudit(t.Context(), b.actor.Company.ID)
	require.NoError(t, err)
	require.Equal(t, 196, head.N)
}

// TestAuditNeverMakesTwoWaitForEachOther: everybody takes the log's lock behind all others but the counters'.
func TestAuditNeverMakesTwoWaitForEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, other := b.opening(t, "営業"), b.opening(t, "受け皿")
	rule, _ := b.rule(t, "営業", opening.ID)
	account, idle := b.linked(t, "a@example.com"), b.linked(t, "b@example.com")
	steps, err := b.svc.StepsByOpening(t.Context(), b.actor, []uuid.UUID{other.ID})
	require.NoError(t, err)
	var pages []intake.Page
	for n := range 40 {
		pages = append(pages, pageOf(fmt.Sprint(n+1), applied(2*n, "営業"), applied(2*n+1, "経理")))
	}
	task := b.task(t, account.ID)
	ctx, done := context.WithCancel(t.Context())
	var errs sync.Map
	var wg sync.WaitGroup
	beside := func(f func(i int) error) {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if err := f(i); err != nil && !isUserError(err) {
					errs.Store(err.Error(), err)
				}
			}
		})
	}
	waiting := intake.StateWaiting
	beside(func(i int) error {
		_, _, err := b.svc.UpdateRule(t.Context(), b.actor, rule.ID, intake.RuleInput{
			Medium: intake.MediumWantedly, PositionName: []string{"営業", "人事"}[i%2], OpeningID: other.ID,
		}, nil)
		return err
	})
	beside(func(i int) error {
		change := b.svc.CloseOpening
		if i%2 == 1 {
			change = b.svc.ReopenOpening
		}
		_, err := change(t.Context(), b.actor, opening.ID)
		return err
	})
	for hand := range 2 {
		beside(func(i int) error {
			found, err := b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{State: &waiting}, intake.Keyset{First: 5})
			if err != nil || len(found) == 0 {
				return err
			}
			id := found[(i+hand)%len(found)].ID
			if i%3 == 0 {
				if _, err := b.svc.ExcludeEntry(t.Context(), b.actor, id); err == nil {
					_, err = b.svc.RestoreEntry(t.Context(), b.actor, id)
					return err
				}
			}
			_, err = b.svc.RouteEntry(t.Context(), b.actor, id, other.ID)
			return err
		})
	}
	beside(func(i int) error {
		found, err := b.svc.Applications(t.Context(), b.actor, intake.ApplicationFilter{OpeningID: &other.ID}, intake.Keyset{First: 1})
		if err != nil || len(found) == 0 {
			return err
		}
		_, err = b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: found[0].ID}, steps[other.ID][i%len(steps[other.ID])].ID)
		return err
	})
	beside(func(int) error { return b.svc.CandidatesRead(t.Context(), b.actor, 20) })
	beside(func(int) error { _, _, err := b.svc.ImportNow(t.Context(), b.actor, idle.ID); return err })
	err = b.process(&fakeSource{read: reads(pages...)}).Import(t.Context(), task)
	done()
	wg.Wait()
	require.NoError(t, err)
	errs.Range(func(text, _ any) bool {
		require.Fail(t, "an error beside the import", text)
		return true
	})
	require.Zero(t, b.number(t, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
	require.Equal(t, 80, b.number(t, "SELECT count(*) FROM inbox_entries"))
	b.requireInvariants(t)
	_, err = b.svc.VerifyAudit(t.Context(), b.actor.Company.ID)
	require.NoError(t, err)
}
