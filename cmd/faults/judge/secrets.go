package judge

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Never are what the medium tells and nobody may keep.
var Never = []string{"@mail.invalid", "秘密のメッセージ", "_huntr_session_production"}

// secrets is I6: no canary in a row, a log or an answer.
func secrets(ctx context.Context, conn *pgx.Conn, c Case, f *Finding) error {
	canaries := append(append([]string{}, c.Canaries...), Never...)
	rows, err := conn.Query(ctx, `SELECT table_name::text FROM information_schema.tables
		WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`)
	if err != nil {
		return err
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, table := range tables {
		// As text, bytes are in hexadecimal.
		query := "SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM unnest($1::text[]) s" +
			" WHERE strpos(t::text, s) > 0 OR strpos(t::text, encode(convert_to(s, 'UTF8'), 'hex')) > 0)) FROM " + pgx.Identifier{table}.Sanitize() + " t"
		var all, found int
		if err := conn.QueryRow(ctx, query, canaries).Scan(&all, &found); err != nil {
			return fmt.Errorf("look through %s: %w", table, err)
		}
		f.Checked += all
		if found > 0 {
			f.complain("%d rows of %s hold a secret", found, table)
		}
	}
	for _, file := range append(append([]string{}, c.Logs...), c.Answers...) {
		if err := secretsIn(file, canaries, f); err != nil {
			return err
		}
	}
	return nil
}

func secretsIn(file string, canaries []string, f *Finding) error {
	log, err := os.Open(file)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // it was only read from
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		f.Checked++
		for i, canary := range canaries {
			if strings.Contains(lines.Text(), canary) {
				f.complain("%s holds secret %d", file, i)
			}
		}
	}
	return lines.Err()
}
