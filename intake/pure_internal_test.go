package intake

import (
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestHealthTellsWhetherALinkDoesItsWorkOnTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) *time.Time { at := now.Add(-d); return &at }
	failure := &LinkFailure{Reason: FailureMediumUnavailable}
	for name, tc := range map[string]struct {
		account MediumAccount
		want    ImportHealth
	}{
		"never linked":                           {MediumAccount{Status: StatusVerifying}, HealthHealthy},
		"refused at the first try":               {MediumAccount{Status: StatusAuthFailed, Failure: failure}, HealthHealthy},
		"just linked":                            {MediumAccount{Status: StatusLinked, LinkedAt: ago(0)}, HealthHealthy},
		"an interval ago":                        {MediumAccount{Status: StatusLinked, LinkedAt: ago(8 * time.Hour)}, HealthHealthy},
		"a little more than that":                {MediumAccount{Status: StatusLinked, LinkedAt: ago(8*time.Hour + 25*time.Minute)}, HealthDelayed},
		"an interval and a half":                 {MediumAccount{Status: StatusLinked, LinkedAt: ago(12 * time.Hour)}, HealthDelayed},
		"more than that":                         {MediumAccount{Status: StatusLinked, LinkedAt: ago(12*time.Hour + time.Second)}, HealthStale},
		"old, but imported lately":               {MediumAccount{Status: StatusLinked, LinkedAt: ago(1000 * time.Hour), LastImportedAt: ago(time.Hour)}, HealthHealthy},
		"linked again after a long time":         {MediumAccount{Status: StatusLinked, LinkedAt: ago(time.Hour), LastImportedAt: ago(1000 * time.Hour)}, HealthHealthy},
		"the last run failed":                    {MediumAccount{Status: StatusLinked, LinkedAt: ago(time.Hour), Failure: failure}, HealthDelayed},
		"failing for long":                       {MediumAccount{Status: StatusLinked, LinkedAt: ago(13 * time.Hour), Failure: failure}, HealthStale},
		"stopped":                                {MediumAccount{Status: StatusUnlinked, LinkedAt: ago(1000 * time.Hour)}, HealthHealthy},
		"being verified again":                   {MediumAccount{Status: StatusVerifying, LinkedAt: ago(1000 * time.Hour)}, HealthHealthy},
		"refused in the middle, an hour ago":     {MediumAccount{Status: StatusAuthFailed, LinkedAt: ago(time.Hour), Failure: failure}, HealthDelayed},
		"refused in the middle, and left to lie": {MediumAccount{Status: StatusAuthFailed, LinkedAt: ago(1000 * time.Hour), Failure: failure}, HealthStale},
	} {
		require.Equal(t, tc.want, health(tc.account, 8*time.Hour, now), name)
	}
	short := MediumAccount{Status: StatusLinked, LinkedAt: ago(80 * time.Second)}
	require.Equal(t, HealthStale, health(short, 30*time.Second, now))
	short.LinkedAt = ago(44 * time.Second)
	require.Equal(t, HealthHealthy, health(short, 30*time.Second, now), "a minute's lateness is none")
}

func TestRetriesComeLaterAndLaterUpToAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	var s Service
	for failures, most := range map[int]time.Duration{
		1: 2 * time.Second, 2: 8 * time.Second, 3: 32 * time.Second, 4: 128 * time.Second, 5: 512 * time.Second,
		6: 15 * time.Minute, 7: 15 * time.Minute, 1000: 15 * time.Minute, 1 << 40: 15 * time.Minute,
	} {
		var all []time.Duration
		for range 200 {
			d := s.retryAfter(failures)
			require.LessOrEqual(t, d, most)
			require.GreaterOrEqual(t, d, most-most/5)
			all = append(all, d)
		}
		require.Greater(t, slices.Max(all)-slices.Min(all), most/10, "those that failed together do not come back together")
	}
}

func TestACursorIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for range 1000 {
		c := cursor{seq: rand.Int64(), partial: rand.IntN(2) == 0}
		read, err := parseCursor(c.String())
		require.NoError(t, err)
		require.Equal(t, c, read)
	}
}

func TestACursorThatWasNotWrittenByUsIsRefused(t *testing.T) {
	t.Parallel()
	encode := base64.RawURLEncoding.EncodeToString
	for _, garbage := range []string{
		"", " ", "0", "AAAA", "not base64!", encode(nil), encode([]byte("1")), encode([]byte("1.")), encode([]byte("1.x")), encode([]byte("1.-1")),
		encode([]byte("2.1")), encode([]byte("1.1.whole")), encode([]byte("1.1.partial.")), encode([]byte("1.9223372036854775808")),
		encode([]byte("1. 1")), encode([]byte("01.1")), base64.StdEncoding.EncodeToString([]byte("1.12.partial")) + "=", strings.Repeat("A", 100_000),
	} {
		_, err := parseCursor(garbage)
		require.ErrorIs(t, err, ErrBadCursor, "%.40q", garbage)
	}
}

func TestAPlaceInAListIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for range 1000 {
		at, id := time.UnixMicro(rand.Int64N(lastInstant)).UTC(), uuid.New()
		readAt, readID, err := Keyset{After: PlaceOf(at, id)}.place()
		require.NoError(t, err)
		require.Equal(t, at, *readAt)
		require.Equal(t, id, *readID)
	}
	id := uuid.New()
	read, err := Keyset{After: PlaceOf(time.Time{}, id)}.id()
	require.NoError(t, err)
	require.Equal(t, id, *read)
	at, none, err := Keyset{}.place()
	require.NoError(t, err)
	require.Nil(t, at)
	require.Nil(t, none)
	encode := base64.RawURLEncoding.EncodeToString
	for _, garbage := range []string{
		" ", "x", "!", encode([]byte("1")), encode([]byte("1.")), encode([]byte("x." + id.String())), encode([]byte("1." + id.String() + "0")), encode([]byte(id.String())),
		encode([]byte("-1." + id.String())), encode([]byte("9223372036854775807." + id.String())), encode([]byte("253402300800000000." + id.String())),
	} {
		_, _, err := Keyset{After: garbage}.place()
		require.ErrorIs(t, err, ErrBadCursor, garbage)
	}
}

func TestAPageHoldsNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	for first, want := range map[int]int32{-1: 1, 0: 1, 1: 2, 100: 101, 101: 101, 1 << 40: 101} {
		require.Equal(t, want, Keyset{First: first}.maxRows())
	}
}

func TestEveryLegalMoveOfAStatusIsKnownAndNoOther(t *testing.T) {
	t.Parallel()
	for to, from := range map[LinkStatus][]LinkStatus{
		StatusVerifying:   {StatusUnlinked, StatusAuthFailed, StatusSystemError},
		StatusLinked:      {StatusVerifying},
		StatusAuthFailed:  {StatusVerifying, StatusLinked},
		StatusSystemError: {StatusVerifying},
		StatusUnlinked:    {StatusVerifying, StatusLinked, StatusAuthFailed, StatusSystemError},
	} {
		require.ElementsMatch(t, mapRows(from, func(s LinkStatus) string { return string(s) }), mayBecome[to])
	}
	require.Len(t, mayBecome, 5)
}

func TestEveryFailureSaysInBothLanguagesWhatToDo(t *testing.T) {
	t.Parallel()
	seen := make(map[string]FailureReason)
	for _, reason := range []FailureReason{
		FailureInvalidCredentials, FailureNoCandidatePermission, FailureTwoFactorRequired, FailureAccountLocked, FailureMediumUnavailable,
		FailureRateLimited, FailureUnexpectedResponse, FailureTimedOut, FailureInternal,
	} {
		text := reason.Text()
		require.NotEmpty(t, text.In(Japanese))
		require.NotEmpty(t, text.In(English))
		require.NotContains(t, seen, text.JA)
		seen[text.JA] = reason
		require.Equal(t, reason.PersonCanMend(), strings.Contains(text.EN, "egister"), reason)
	}
	require.Equal(t, FailureInternal.Text(), FailureReason("SOMETHING_NEW").Text())
	require.Equal(t, "日本語", Text{"日本語", "English"}.In("fr"))
}

func TestOfSuggestionsWithOneScoreTheVeryNameComesBeforeARuleForNearlyThat(t *testing.T) {
	t.Parallel()
	ids := []uuid.UUID{{1}, {2}, {3}, {4}, {5}}
	near := []RoutingSuggestion{
		{Kind: SuggestOpening, OpeningID: ids[0], FromName: "開発職", Score: 1},
		{Kind: SuggestRule, OpeningID: ids[1], FromName: "【急募】開発", Score: 1},
		{Kind: SuggestOpening, OpeningID: ids[2], FromName: "開発", Score: 1},
		{Kind: SuggestRule, OpeningID: ids[4], FromName: "開発", Score: 0.9},
		{Kind: SuggestRenamed, OpeningID: ids[3], FromName: "旧名", Score: 1},
	}
	for range 3 {
		got := best(slices.Clone(near), "開発")
		require.Equal(t, []uuid.UUID{ids[3], ids[2], ids[1]}, mapRows(got, func(s RoutingSuggestion) uuid.UUID { return s.OpeningID }))
		near = append(near[1:], near[0])
	}
}

func TestNumbersAndAddressesCompareAlikeHoweverTheyAreTypedOrFiled(t *testing.T) {
	t.Parallel()
	key := indexKey{NewSecret(strings.Repeat("k", 32))}
	want := key.phone("090-1234-5678")
	for _, typed := range []string{
		"０９０－１２３４－５６７８", "090ー1234ー5678", "090‐1234‐5678", "090−1234−5678", "+81 90-1234-5678", "＋８１（０）90 1234 5678",
		"(090)1234-5678", "090　1234   5678", "09012345678",
	} {
		number, ok := phoneNumber(typed)
		require.True(t, ok, typed)
		require.Equal(t, want, key.phone(number), typed)
	}
	address, ok := emailAddress("Ｔaro＠example．com")
	require.True(t, ok)
	require.Equal(t, key.email("taro@example.com"), key.email(address))
	for _, none := range []string{"x@", "taro@example.com, jiro@example.com"} {
		_, ok := emailAddress(none)
		require.False(t, ok, none)
	}
}
