package main

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/cmd/faults/judge"
)

func TestEveryNumberOfTheMatrixHasItsRow(t *testing.T) {
	t.Parallel()
	require.Empty(t, absent(rows))
	all, err := choose("")
	require.NoError(t, err)
	names := make(map[string]bool)
	for _, r := range all {
		require.False(t, names[r.name], "%s is there twice", r.name)
		names[r.name] = true
		require.LessOrEqual(t, r.number, lastRow)
	}
	without := slices.DeleteFunc(all, func(r *row) bool { return r.number == 3 || r.number == 28 })
	require.Equal(t, []string{"3", "28"}, absent(without))
}

func TestWhatCannotBePlayedIsNeverSaidToHold(t *testing.T) {
	t.Parallel()
	whole, unplayed := result{row: &row{name: "kill"}}, result{row: &row{name: "disk"}, cannot: "no tmpfs"}
	for i := range whole.verdict {
		whole.verdict[i] = judge.Finding{Judged: true, Checked: 1}
	}
	broken := result{row: &row{name: "cut"}, seed: 7, err: errors.New("hung")}
	require.False(t, unplayed.held())
	require.Equal(t, "cannot be played here", unplayed.word())

	line, err := sum([]result{whole, unplayed, whole})
	require.NoError(t, err)
	require.Equal(t, "2 runs hold, 1 cannot be played here and are not judged: disk", line)
	_, err = sum([]result{unplayed})
	require.ErrorContains(t, err, "nothing could be judged")
	line, err = sum([]result{whole, broken, unplayed})
	require.ErrorContains(t, err, "not all rows hold")
	require.Contains(t, line, "1 BROKEN: cut (seed 7)")
}

func TestARowThatNobodyExcusedIsAFailureWhereItIsNotJudged(t *testing.T) {
	t.Parallel()
	whole, unjudged := result{row: &row{name: "kill"}}, result{row: &row{name: "clock"}, cannot: "no history"}
	for i := range whole.verdict {
		whole.verdict[i] = judge.Finding{Judged: true, Checked: 1}
	}
	require.Equal(t, "NOT JUDGED", unjudged.word())
	line, err := sum([]result{whole, unjudged})
	require.ErrorContains(t, err, "not all rows were judged")
	require.Equal(t, "1 runs hold, 1 NOT JUDGED: clock", line)
	require.Contains(t, markdown([]result{unjudged}), "| NOT JUDGED | no history |")
}

func TestOnlyRowsThatDependOnTheMachineAreExcused(t *testing.T) {
	t.Parallel()
	for _, name := range mayBeMissing {
		require.True(t, slices.ContainsFunc(rows, func(r *row) bool { return r.name == name && r.cannot != nil }), name)
	}
	for _, r := range rows {
		require.Equal(t, r.cannot != nil, slices.Contains(mayBeMissing, r.name), r.name)
		require.NotNil(t, r.play, r.name)
	}
}
