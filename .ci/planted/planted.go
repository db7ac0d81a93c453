// Package planted holds a mistake for each of the linters that tools/gates.sh counts on, so that it
// notices when one stops looking. Nothing imports it, and ./... leaves it out.
package planted

import (
	"context"
	"crypto/md5"
	"database/sql"
	"errors"
	"io"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
)

// ErrPlanted is compared below.
var ErrPlanted = errors.New("planted")

// Gosec knows that this hash is broken.
func Gosec(b []byte) [16]byte {
	return md5.Sum(b)
}

// Noctx sees a request that nobody can cancel.
func Noctx() error {
	resp, err := http.Get("http://planted.invalid")
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Bodyclose sees a body that stays open.
func Bodyclose(client *http.Client, req *http.Request) (int, error) {
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

// Rowserrcheck wants to know why the rows ended.
func Rowserrcheck(ctx context.Context, conn *pgx.Conn) (n int, err error) {
	rows, err := conn.Query(ctx, "SELECT 1")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	return n, nil
}

// Sqlclosecheck sees rows that stay open. Of pgx's it sees only those that nobody touches.
func Sqlclosecheck(ctx context.Context, db *sql.DB) (int, error) {
	rows, err := db.QueryContext(ctx, "SELECT 1")
	if err != nil {
		return 0, err
	}
	n := 0
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// Errorlint sees that a wrapped error would be missed.
func Errorlint(err error) bool {
	return err == io.EOF ||
		err == ErrPlanted
}

// Contextcheck sees a context that ends here.
func Contextcheck(ctx context.Context, conn *pgx.Conn) (int, error) {
	if ctx.Err() != nil {
		return 0, ErrPlanted
	}
	return Rowserrcheck(context.Background(), conn)
}

// Zerologlint sees a line that is never written.
func Zerologlint(log zerolog.Logger) {
	log.Info().Str("planted", "line")
}
