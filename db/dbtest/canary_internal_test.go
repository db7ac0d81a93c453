package dbtest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestACanaryIsFoundInTheClearAndInHexadecimal(t *testing.T) {
	t.Parallel()
	pool := New(t)
	url := pool.Config().ConnString()
	require.Empty(t, canaries(t.Context(), t, url))
	_, err := pool.Exec(t.Context(), `INSERT INTO companies (id, name) VALUES (gen_random_uuid(), $1)`, Canary("a name"))
	require.NoError(t, err)
	require.Len(t, canaries(t.Context(), t, url), 1)
	_, err = pool.Exec(t.Context(), `UPDATE companies SET name = encode($1, 'hex')`, []byte(Canary("a name")))
	require.NoError(t, err)
	require.Len(t, canaries(t.Context(), t, url), 1)
	_, err = pool.Exec(t.Context(), `DELETE FROM companies`)
	require.NoError(t, err)
}
