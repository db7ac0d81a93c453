package main

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/wantedly/wantedlysim"
)

// lastLine is the last that a command said.
func lastLine(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return lines[len(lines)-1]
}

func TestTamperingWithAnAuditLogIsFoundByItsVerification(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	second := w.command(t, "company", "create", "株式会社ふたつめ")
	for range 4 {
		_, err := w.pool.Exec(t.Context(), `INSERT INTO audit_log (company_id, n, at, actor, action, previous, hash)
			VALUES ($1, 0, now(), 'SYSTEM', 'RULE_CREATED', '', '')`, w.company)
		require.NoError(t, err)
	}
	verify := func(args ...string) outcome { return call(w.getenv, append([]string{"audit", "verify"}, args...)...) }
	whole := verify()
	require.Equal(t, exitDone, whole.code, whole.err)
	require.Equal(t, 2, strings.Count(whole.out, " lines, unbroken, head "))
	one := verify("--company", w.company)
	require.Equal(t, exitDone, one.code, one.err)
	require.NotContains(t, one.out, second)
	require.Contains(t, whole.out, one.out)
	fields := strings.Fields(one.out)
	head := fields[len(fields)-1]
	require.True(t, strings.HasPrefix(head, w.company+"="), head)
	require.Equal(t, exitDone, verify("--head", head, "--head", second+"=0:").code)

	// What nobody can mean.
	for _, bad := range []string{"7=1:00", w.company, w.company + "=", w.company + "=1:00", w.company + "=x:" + strings.Repeat("0", 64)} {
		requireComplaint(t, exitUsage, verify("--head", bad), "renkei: ")
	}
	requireComplaint(t, exitFailed, verify("--company", uuid.NewString()), "there is no company")
	requireComplaint(t, exitFailed, verify("--company", second, "--head", second+"=99:"+strings.Repeat("0", 64)), second, "it is missing")
	gone := verify("--head", uuid.NewString()+"=1:"+strings.Repeat("0", 64))
	require.Equal(t, exitFailed, gone.code)
	require.Contains(t, gone.err, "is gone with the company")

	// The end is cut off: only the noted head tells.
	_, err := w.pool.Exec(t.Context(), "DELETE FROM audit_log WHERE company_id = $1 AND n > 2", w.company)
	require.NoError(t, err)
	require.Equal(t, exitDone, verify().code)
	cut := verify("--head", head)
	require.Equal(t, exitFailed, cut.code)
	require.Contains(t, lastLine(cut.err), "the audit log of company "+w.company+" is broken at line 3: it is missing")
	require.Contains(t, cut.out, second, "the others are looked at all the same")

	_, err = w.pool.Exec(t.Context(), "UPDATE audit_log SET action = 'RULE_DELETED' WHERE company_id = $1 AND n = 1", w.company)
	require.NoError(t, err)
	requireComplaint(t, exitFailed, verify("--company", w.company), "broken at line 1: it does not have the hash")
}

func TestAuditSheetIsServedBesideTheAPI(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	p := w.start(t)
	w.link(t, p.client, "ok@"+domain)
	get := func(token string) (status int, sheet string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.address+"/audit.csv", nil)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+token)
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer response.Body.Close() //nolint:errcheck // read to its end below
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, string(body)
	}
	status, sheet := get(w.token)
	require.Equal(t, http.StatusOK, status, sheet)
	require.Contains(t, sheet, ",ACCOUNT_REGISTERED,")
	require.Contains(t, sheet, ",AUDIT_EXPORTED,")
	status, _ = get("renkei_nobody")
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, exitDone, call(w.getenv, "audit", "verify").code)
}
