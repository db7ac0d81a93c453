package intake_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// waitLong has so many of those who wait do so for more than a day.
func (b informed) waitLong(t *testing.T, n int) {
	t.Helper()
	b.exec(t, `UPDATE inbox_entries SET decided_at = now() - interval '25 hours'
		WHERE id IN (SELECT id FROM inbox_entries WHERE state = 'WAITING' ORDER BY id LIMIT `+strconv.Itoa(n)+`)`)
	for range 3 {
		require.NoError(t, b.svc.Notice(t.Context()))
		b.deliverAll(t)
	}
}

func TestFarMorePeopleWhoWaitAreToldOfAnewADayLaterAndNobodyElseTwice(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	chat := newReceiver(t)
	b.endpoint(t, intake.ChannelSlack, chat.URL)
	var all []intake.SourceApplication
	for n := range 12 {
		all = append(all, applied(n+1, "営業"))
	}
	b.imported(t, "hr@example.com", pageOf("12", all...))
	opened := func() int { return b.number(t, "SELECT count(*) FROM incidents WHERE kind = 'WAITING'") }
	yesterday := func() { b.exec(t, "UPDATE incidents SET opened_at = opened_at - interval '25 hours'") }

	b.waitLong(t, 2)
	require.Equal(t, 1, opened())
	yesterday()
	b.waitLong(t, 11)
	require.Equal(t, 1, opened(), "nine more are no more than some")
	b.exec(t, "UPDATE incidents SET opened_at = now()")
	b.waitLong(t, 12)
	require.Equal(t, 1, opened(), "once a day is enough")
	require.Len(t, b.office.letters(), 1)

	yesterday()
	b.waitLong(t, 12)
	require.Equal(t, 2, opened())
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM incidents WHERE waiting = 2 AND resolution = 'SUPERSEDED'"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM incidents WHERE waiting = 12 AND resolved_at IS NULL"))
	letters := b.office.letters()
	require.Len(t, letters, 2, "and no letter that the first is over")
	require.Contains(t, letters[1].text, "12件の応募")
	require.Len(t, chat.calls, 3)
	said := string(chat.calls[1].body) + string(chat.calls[2].body)
	require.Contains(t, said, "【Renkei】更新: 滞留している応募があります")
	require.Contains(t, said, "12件の応募")
	require.NotContains(t, said, "対応は不要", said)

	yesterday()
	b.waitLong(t, 12)
	require.Equal(t, 2, opened(), "what has not grown is told once")
	b.rule(t, "営業", b.opening(t, "営業").ID)
	require.NoError(t, b.svc.Notice(t.Context()))
	b.deliverAll(t)
	require.Len(t, b.office.letters(), 3)
	require.Zero(t, b.number(t, "SELECT count(*) FROM incidents WHERE resolved_at IS NULL"))
}
