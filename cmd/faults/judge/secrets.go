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

// secrets is I6: no canary in a row, a log, a letter, a figure or an answer, and nothing of one company's with another.
func secrets(ctx context.Context, conn *pgx.Conn, c Case, f *Finding) error {
	canaries := append(append([]string{}, c.Canaries...), Never...)
	if len(c.Companies) == 0 || c.Mark == nil {
		return fmt.Errorf("no company has a mark")
	}
	if err := secretRows(ctx, conn, c, canaries, f); err != nil {
		return err
	}
	// Logs and figures are of all companies at once: nobody's people are in them.
	for _, file := range append(append([]string{}, c.Logs...), c.Metrics...) {
		if err := secretsIn(file, c, canaries, "", f); err != nil {
			return err
		}
	}
	for company, file := range c.Answers {
		if err := secretsIn(file, c, canaries, c.Companies[company], f); err != nil {
			return err
		}
	}
	return secretLetters(ctx, conn, c, canaries, f)
}

func secretRows(ctx context.Context, conn *pgx.Conn, c Case, canaries []string, f *Finding) error {
	rows, err := conn.Query(ctx, `SELECT t.table_name::text, coalesce((SELECT c.column_name::text FROM information_schema.columns c
			WHERE c.table_schema = 'public' AND c.table_name = t.table_name
				AND (c.column_name = 'company_id' OR t.table_name = 'companies' AND c.column_name = 'id')), '')
		FROM information_schema.tables t WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY 1`)
	if err != nil {
		return err
	}
	type table struct{ Name, Company string }
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[table])
	if err != nil {
		return err
	}
	var ids, marks []string
	for id, mark := range c.Companies {
		ids, marks = append(ids, id), append(marks, mark)
	}
	for _, t := range tables {
		owner := "NULL"
		if t.Company != "" {
			owner = "t." + pgx.Identifier{t.Company}.Sanitize() + "::text"
		}
		// As text, bytes are in hexadecimal.
		query := "SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM unnest($1::text[]) s" +
			" WHERE strpos(t::text, s) > 0 OR strpos(t::text, encode(convert_to(s, 'UTF8'), 'hex')) > 0))," +
			" count(*) FILTER (WHERE replace(t::text, coalesce(m.mark, ''), '') ~ $4) FROM " + pgx.Identifier{t.Name}.Sanitize() + " t" +
			" LEFT JOIN unnest($2::text[], $3::text[]) m (id, mark) ON m.id = " + owner
		var all, found, strange int
		if err := conn.QueryRow(ctx, query, canaries, ids, marks, c.Mark.String()).Scan(&all, &found, &strange); err != nil {
			return fmt.Errorf("look through %s: %w", t.Name, err)
		}
		f.Checked += all
		if found > 0 {
			f.complain("%d rows of %s hold a secret", found, t.Name)
		}
		if strange > 0 {
			f.complain("%d rows of %s hold what is another company's", strange, t.Name)
		}
	}
	return nil
}

// secretLetters looks through what came to members.
func secretLetters(ctx context.Context, conn *pgx.Conn, c Case, canaries []string, f *Finding) error {
	rows, err := conn.Query(ctx, "SELECT email, company_id::text FROM members ORDER BY email") //nolint:rowserrcheck // ForEachRow does
	if err != nil {
		return err
	}
	of := map[string]string{}
	var email, company string
	if _, err := pgx.ForEachRow(rows, []any{&email, &company}, func() error { of[email] = company; return nil }); err != nil {
		return err
	}
	for _, letter := range c.Letters {
		f.Checked++
		if letter.Text == "" {
			f.complain("a letter to %s has nothing in it", letter.To)
		}
		reveals("a letter to "+letter.To, letter.Text, c, canaries, c.Companies[of[letter.To]], f)
	}
	return nil
}

// secretsIn looks through a file, in which there may be the mark of nobody but own.
func secretsIn(file string, c Case, canaries []string, own string, f *Finding) error {
	text, err := os.Open(file)
	if err != nil {
		return err
	}
	defer text.Close() //nolint:errcheck // it was only read from
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		f.Checked++
		reveals(file, lines.Text(), c, canaries, own, f)
	}
	return lines.Err()
}

func reveals(where, text string, c Case, canaries []string, own string, f *Finding) {
	for i, canary := range canaries {
		if strings.Contains(text, canary) {
			f.complain("%s holds secret %d", where, i)
		}
	}
	for _, mark := range c.Mark.FindAllString(text, -1) {
		if mark != own {
			f.complain("%s holds what is of %s alone", where, mark)
		}
	}
}
