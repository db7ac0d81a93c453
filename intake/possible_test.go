package intake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// chance is one of what availableActions lists, and the mutation that it speaks of.
type chance struct {
	action string
	whyNot *intake.Text
	try    func() error
}

// offer is what availableActions says of something to somebody.
type offer func(intake.Actor) []chance

// standing is something in a state, and what each role may then do with it: the names of actions.
type standing struct {
	name string
	// make makes another one, since trying changes it.
	make                          func(*testing.T) offer
	admin, recruiter, coordinator string
}

// What availableActions says can be done is done, and what it says cannot is refused, by the same words.
func TestAvailableActionsSayWhatTheMutationsDo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.waiting(t, 100, "営業")
	for _, all := range [][]standing{b.entriesStanding(), b.undoable(), b.mergesStanding(), b.filesStanding(), b.tokensStanding(), b.rulesAndOpenings(), b.recordsStanding(t)} {
		for _, s := range all {
			for role, want := range map[intake.Role]string{intake.RoleAdmin: s.admin, intake.RoleRecruiter: s.recruiter, intake.RoleCoordinator: s.coordinator} {
				actor := b.colleague(t, role)
				var can []string
				for i, n := 0, 1; i < n; i++ {
					all := s.make(t)(actor)
					n = len(all)
					c := all[i]
					requireKept(t, c, c.try(), "%s: %s by %s", s.name, c.action, role)
					if c.whyNot == nil {
						can = append(can, c.action)
					}
				}
				require.Equal(t, want, strings.Join(can, " "), "%s, %s", s.name, role)
			}
		}
	}
}

// requireKept makes sure that a mutation did what was said of it.
func requireKept(t *testing.T, c chance, err error, msgAndArgs ...any) {
	t.Helper()
	if c.whyNot == nil {
		require.NoError(t, err, msgAndArgs...)
		return
	}
	require.Error(t, err, msgAndArgs...)
	require.NotEmpty(t, c.whyNot.JA, msgAndArgs...)
	require.NotEmpty(t, c.whyNot.EN, msgAndArgs...)
	var refused intake.UserErrors
	switch {
	case errors.Is(err, intake.ErrForbidden):
	case errors.As(err, &refused) && refused[0].Code == intake.CodeInvalidState:
		require.Equal(t, *c.whyNot, refused[0].Text, msgAndArgs...)
	default:
		requireUserErrors(t, err, "NOT_FOUND id")
	}
}

func (b *testBundle) entriesStanding() []standing {
	in := func(state intake.RoutingState) func(*testing.T) offer {
		return func(t *testing.T) offer {
			t.Helper()
			opening := b.opening(t, "求人").ID
			id := b.oneWaiting(t)
			var err error
			switch state {
			case intake.StateRouted:
				_, err = b.svc.RouteEntry(t.Context(), b.actor, id, opening)
			case intake.StateExcluded:
				_, err = b.svc.ExcludeEntry(t.Context(), b.actor, id)
			case intake.StateWaiting:
			}
			require.NoError(t, err)
			e := b.entry(t, id)
			try := map[intake.InboxEntryAction]func(intake.Actor) error{
				intake.ActionRouteEntry:   func(a intake.Actor) error { _, err := b.svc.RouteEntry(t.Context(), a, id, opening); return err },
				intake.ActionExcludeEntry: func(a intake.Actor) error { _, err := b.svc.ExcludeEntry(t.Context(), a, id); return err },
				intake.ActionRestoreEntry: func(a intake.Actor) error { _, err := b.svc.RestoreEntry(t.Context(), a, id); return err },
			}
			return func(a intake.Actor) (all []chance) {
				for _, s := range e.AvailableActions(a) {
					all = append(all, chance{string(s.Action), s.WhyNot, func() error { return try[s.Action](a) }})
				}
				return all
			}
		}
	}
	return []standing{
		{"an entry that waits", in(intake.StateWaiting), "", "ROUTE EXCLUDE", "ROUTE EXCLUDE"},
		{"a routed entry", in(intake.StateRouted), "", "", ""},
		{"an excluded entry", in(intake.StateExcluded), "", "RESTORE", "RESTORE"},
	}
}

// oneWaiting is an entry that waits.
func (b *testBundle) oneWaiting(t *testing.T) uuid.UUID {
	t.Helper()
	waiting := intake.StateWaiting
	found, err := b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{State: &waiting}, intake.Keyset{First: 1})
	require.NoError(t, err)
	return found[0].ID
}

func (b *testBundle) undoable() []standing {
	after := func(what func(*testing.T, uuid.UUID)) func(*testing.T) offer {
		return func(t *testing.T) offer {
			t.Helper()
			decided, err := b.svc.ExcludeEntries(t.Context(), b.actor, []uuid.UUID{b.oneWaiting(t)})
			require.NoError(t, err)
			id := decided.Action.ID
			what(t, id)
			return func(a intake.Actor) []chance {
				found, err := b.svc.RoutingActionsByID(t.Context(), b.actor, []uuid.UUID{id})
				require.NoError(t, err)
				s := found[id].AvailableActions(a)[0]
				return []chance{{string(s.Action), s.WhyNot, func() error { _, err := b.svc.UndoRouting(t.Context(), a, id); return err }}}
			}
		}
	}
	return []standing{
		{"an action just done", after(func(*testing.T, uuid.UUID) {}), "", "UNDO", "UNDO"},
		{"an action undone", after(func(t *testing.T, id uuid.UUID) { t.Helper(); b.undo(t, id) }), "", "", ""},
		{"an action of long ago", after(func(t *testing.T, id uuid.UUID) {
			t.Helper()
			b.exec(t, "UPDATE routing_actions SET at = now() - interval '15 minutes' WHERE id = $1", id)
		}), "", "", ""},
	}
}

func (b *testBundle) mergesStanding() []standing {
	after := func(what func(t *testing.T, m intake.CandidateMerge, third uuid.UUID)) func(*testing.T) offer {
		return func(t *testing.T) offer {
			t.Helper()
			people := b.threePeople(t)
			m := b.merge(t, people[0], people[1])
			what(t, m, people[2])
			return func(a intake.Actor) []chance {
				merges, err := b.svc.MergesByCandidate(t.Context(), b.actor, people)
				require.NoError(t, err)
				for _, known := range append(merges[people[0]], merges[people[2]]...) {
					if known.ID == m.ID {
						m = known
					}
				}
				s := m.AvailableActions(a)[0]
				require.Equal(t, m.UndoableUntil(), s.Until)
				return []chance{{string(s.Action), s.WhyNot, func() error { _, err := b.svc.UndoMerge(t.Context(), a, m.ID); return err }}}
			}
		}
	}
	return []standing{
		{"a merge just done", after(func(*testing.T, intake.CandidateMerge, uuid.UUID) {}), "", "UNDO", "UNDO"},
		{"a merge undone", after(func(t *testing.T, m intake.CandidateMerge, _ uuid.UUID) { t.Helper(); b.undoMerge(t, m) }), "", "", ""},
		{"a merge of long ago", after(func(t *testing.T, m intake.CandidateMerge, _ uuid.UUID) {
			t.Helper()
			b.exec(t, "UPDATE candidate_merges SET at = at - interval '15 minutes' WHERE id = $1", m.ID)
		}), "", "", ""},
		{"a merge under another", after(func(t *testing.T, m intake.CandidateMerge, third uuid.UUID) {
			t.Helper()
			b.merge(t, third, m.IntoID)
		}), "", "", ""},
	}
}

// threePeople are three whom nobody has merged yet.
func (b *testBundle) threePeople(t *testing.T) []uuid.UUID {
	t.Helper()
	rows, err := b.pool.Query(t.Context(), `SELECT id FROM candidates c WHERE c.company_id = $1
		AND NOT EXISTS (SELECT FROM candidate_merges m WHERE c.id IN (m.into_id, m.from_id)) ORDER BY id LIMIT 3`, b.actor.Company.ID)
	require.NoError(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	require.NoError(t, err)
	require.Len(t, ids, 3)
	return ids
}

func (b *testBundle) filesStanding() []standing {
	n, last := 0, uuid.Nil
	after := func(what func(*testing.T, uuid.UUID)) func(*testing.T) offer {
		return func(t *testing.T) offer {
			t.Helper()
			n++
			// Only so many may be on their way in at once.
			if n > 1 && b.file(t, last).FinishedAt == nil {
				_, err := b.svc.CancelFileImport(t.Context(), b.actor, last)
				require.NoError(t, err)
			}
			id := b.startFile(t, upload(table(n))).ID
			last = id
			what(t, id)
			return func(a intake.Actor) []chance {
				s := b.file(t, id).AvailableActions(a)[0]
				return []chance{{string(s.Action), s.WhyNot, func() error { _, err := b.svc.CancelFileImport(t.Context(), a, id); return err }}}
			}
		}
	}
	return []standing{
		{"a file on its way in", after(func(*testing.T, uuid.UUID) {}), "", "CANCEL", ""},
		{"a file that is in", after(func(t *testing.T, id uuid.UUID) { t.Helper(); b.workFile(t, id) }), "", "", ""},
		{"a file that was cancelled", after(func(t *testing.T, id uuid.UUID) {
			t.Helper()
			_, err := b.svc.CancelFileImport(t.Context(), b.actor, id)
			require.NoError(t, err)
		}), "", "", ""},
	}
}

func (b *testBundle) tokensStanding() []standing {
	of := func(own bool, what string) func(*testing.T) offer {
		return func(t *testing.T) offer {
			t.Helper()
			return func(a intake.Actor) []chance {
				owner := a
				if !own {
					owner = b.colleague(t, intake.RoleRecruiter)
				}
				made, _, err := b.svc.CreateOwnToken(t.Context(), owner, intake.TokenInput{Name: "CI"})
				require.NoError(t, err)
				b.exec(t, "UPDATE api_tokens SET "+what+" WHERE id = $1", made.ID)
				tokens, err := b.svc.TokensByMember(t.Context(), b.actor, []uuid.UUID{owner.Member.ID})
				require.NoError(t, err)
				s := tokens[owner.Member.ID][0].AvailableActions(a)[0]
				return []chance{{string(s.Action), s.WhyNot, func() error { _, err := b.svc.RevokeToken(t.Context(), a, made.ID); return err }}}
			}
		}
	}
	return []standing{
		{"one's own token", of(true, "name = 'CI'"), "REVOKE", "REVOKE", "REVOKE"},
		{"another's token", of(false, "name = 'CI'"), "REVOKE", "", ""},
		{"a token that has expired", of(true, "expires_at = now()"), "REVOKE", "REVOKE", "REVOKE"},
		{"a token that was revoked", of(true, "revoked_at = now()"), "", "", ""},
	}
}

func (b *testBundle) rulesAndOpenings() []standing {
	rule := func(closed bool) func(*testing.T) offer {
		return func(t *testing.T) offer {
			t.Helper()
			opening, other := b.opening(t, "求人"), b.opening(t, "別の求人").ID
			r, _ := b.rule(t, uuid.NewString(), opening.ID)
			if closed {
				b.close(t, opening.ID)
			}
			in := intake.RuleInput{Medium: r.Medium, PositionName: r.PositionName, OpeningID: other}
			try := map[intake.RoutingRuleAction]func(intake.Actor) error{
				intake.ActionUpdateRule: func(a intake.Actor) error { _, _, err := b.svc.UpdateRule(t.Context(), a, r.ID, in, nil); return err },
				intake.ActionDeleteRule: func(a intake.Actor) error { return b.svc.DeleteRule(t.Context(), a, r.ID) },
			}
			return func(a intake.Actor) (all []chance) {
				for _, s := range r.AvailableActions(a) {
					all = append(all, chance{string(s.Action), s.WhyNot, func() error { return try[s.Action](a) }})
				}
				return all
			}
		}
	}
	opening := func(closed bool) func(*testing.T) offer {
		return func(t *testing.T) offer {
			t.Helper()
			id := b.opening(t, "求人").ID
			if closed {
				b.close(t, id)
			}
			found, err := b.svc.OpeningsByID(t.Context(), b.actor, []uuid.UUID{id})
			require.NoError(t, err)
			try := map[intake.OpeningAction]func(intake.Actor) error{
				intake.ActionUpdateOpening: func(a intake.Actor) error {
					_, err := b.svc.UpdateOpening(t.Context(), a, id, intake.OpeningInput{Name: "新"}, nil)
					return err
				},
				intake.ActionCloseOpening:  func(a intake.Actor) error { _, err := b.svc.CloseOpening(t.Context(), a, id); return err },
				intake.ActionReopenOpening: func(a intake.Actor) error { _, err := b.svc.ReopenOpening(t.Context(), a, id); return err },
			}
			return func(a intake.Actor) (all []chance) {
				for _, s := range found[id].AvailableActions(a) {
					all = append(all, chance{string(s.Action), s.WhyNot, func() error { return try[s.Action](a) }})
				}
				return all
			}
		}
	}
	return []standing{
		{"a rule", rule(false), "", "UPDATE DELETE", "UPDATE DELETE"},
		{"a rule to a closed opening", rule(true), "", "UPDATE DELETE", "UPDATE DELETE"},
		{"an open opening", opening(false), "", "UPDATE CLOSE", "UPDATE CLOSE"},
		{"a closed opening", opening(true), "", "UPDATE REOPEN", "UPDATE REOPEN"},
	}
}

func (b *testBundle) recordsStanding(t *testing.T) []standing {
	t.Helper()
	m := &oddMedium{odd: map[string]string{"1": "x"}}
	account := b.linked(t, "b@example.com")
	b.source.read = m.read
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status)
	id := b.records(t, nil)[0].ID
	as := func(record string, stopped bool) func(*testing.T) offer {
		return func(t *testing.T) offer {
			t.Helper()
			b.exec(t, "UPDATE invalid_records SET "+record+" WHERE id = $1", id)
			if stopped && b.account(t, account.ID).Status != intake.StatusUnlinked {
				_, err := b.svc.Stop(t.Context(), b.actor, account.ID)
				require.NoError(t, err)
			}
			return func(a intake.Actor) []chance {
				s := b.record(t, id).AvailableActions(b.account(t, account.ID))[0]
				return []chance{{string(s.Action), s.WhyNot, func() error {
					retried, err := b.svc.RetryInvalidRecords(t.Context(), a, []uuid.UUID{id})
					if err == nil && len(retried.Refused) > 0 {
						err = intake.UserErrors{{Code: retried.Refused[0].Code, Text: retried.Refused[0].Text}}
					}
					return err
				}}}
			}
		}
	}
	return []standing{
		{"a record that could not be read", as("asked_again_at = NULL, resolved_at = NULL", false), "RETRY", "RETRY", "RETRY"},
		{"a record that was asked for again", as("asked_again_at = now(), resolved_at = NULL", false), "RETRY", "RETRY", "RETRY"},
		{"a record that was read after all", as("asked_again_at = NULL, resolved_at = now()", false), "", "", ""},
		{"a record of a stopped account", as("asked_again_at = NULL, resolved_at = NULL", true), "", "", ""},
	}
}
