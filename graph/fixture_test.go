package graph_test

import (
	"crypto/sha256"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// The positions of a full company.
const (
	routedPosition  = "バックエンドエンジニア"
	waitingPosition = "デザイナー"
	otherPosition   = "営業"
)

// full is a company that has something of everything.
type full struct {
	company
	account, failing, stopped uuid.UUID
	run, failedRun            uuid.UUID
	opening, other            intake.Opening
	rule                      intake.RoutingRule
	routed, waiting           intake.InboxEntry
	excluded, byHand          intake.InboxEntry
	application, ended        intake.Application
	step                      uuid.UUID
	invalid                   uuid.UUID
	candidate                 uuid.UUID
	closed                    intake.Opening
	session                   uuid.UUID
	invited                   intake.Member
	spare                     intake.Token
	erased, erasure           uuid.UUID
	action                    uuid.UUID
	// Somebody in two rows, by a merge; another application of one of them.
	person, merge uuid.UUID
	onceMore      uuid.UUID
	file          intake.FileImport
	// Links that failed, were quarantined and fell silent, people who wait, and who was told of it.
	incident, silence  uuid.UUID
	endpoint, delivery uuid.UUID
}

func fill(t *testing.T, c company) full {
	t.Helper()
	f := full{company: c}
	f.opening, f.other, f.closed = c.opening(t, "サーバーサイド"), c.opening(t, "デザイン"), c.opening(t, "終了した求人")
	f.rule = c.rule(t, routedPosition, f.opening.ID)
	_, err := c.service.CloseOpening(t.Context(), c.actor, f.closed.ID)
	require.NoError(t, err)

	f.account, f.stopped = c.link(t, "hr@example.com"), c.link(t, "old@example.com")
	_, err = c.service.Stop(t.Context(), c.actor, f.stopped)
	require.NoError(t, err)
	c.medium.refuses = fresh(intake.FailureInvalidCredentials)
	f.failing = c.link(t, "wrong@example.com")
	c.medium.refuses = nil

	page := applied(waitingPosition, 1, 5)
	page.Applications = append(page.Applications, everythingApplied(6, 6), application(routedPosition, 7, 6), application(routedPosition, 8, 8), application(waitingPosition, 0, 9))
	page.Invalid = []intake.SourceInvalid{
		{ExternalID: "9", Reason: intake.InvalidShape, Detail: "data.title: missing", Shape: []byte(`{}`), URL: "https://example.com/9"},
		{ExternalID: "10", Reason: intake.InvalidValue, Detail: "data.name: empty", Shape: []byte(`{}`)},
	}
	page.Hidden = []string{"11"}
	c.imports(t, f.account, page)
	f.failedRun = c.failsToImport(t, f.account)
	f.pick(t)
	f.change(t)
	f.session = c.session(t)
	c.session(t)
	f.people(t)
	f.memories(t)
	f.standstill(t)
	f.merged(t)
	f.file = c.importFile(t, "氏名,求人名,応募日\n応募者,営業,2000-01-05\n,営業,\n応募者,営業,いつか\n")
	return f
}

// memories are what only others, or time, would have written.
func (f *full) memories(t *testing.T) {
	t.Helper()
	for sql, args := range map[string][]any{
		`UPDATE inbox_entries SET decided_at = now(), considered = jsonb_build_array(jsonb_build_object('rule', $2::uuid, 'revision', 1, 'positionName', 'x',
			'medium', 'WANTEDLY', 'opening', $3::uuid, 'why', 'SIMILAR', 'score', 0.5)) WHERE id = $1`: {f.routed.ID, f.rule.ID, f.opening.ID},
		`INSERT INTO routing_actions (company_id, id, kind, member_id, rule_id, rule_revision, opening_id, entries, undone_at, undone_by)
			VALUES ($1, gen_random_uuid(), 'RULE', $2, $3, 99, $4, 1, now(), $2)`: {f.actor.Company.ID, f.actor.Member.ID, f.rule.ID, f.opening.ID},
		`UPDATE invalid_records SET resolved_at = now(), entry_id = $2, external_id = '6' WHERE company_id = $1 AND external_id = '10'`: {f.actor.Company.ID, f.routed.ID},
	} {
		_, err := f.pool.Exec(t.Context(), sql, args...)
		require.NoError(t, err)
	}
}

// standstill is what is noticed, and told to an endpoint and to the member.
func (f *full) standstill(t *testing.T) {
	t.Helper()
	e, _, err := f.service.AddEndpoint(t.Context(), f.actor, intake.ChannelWebhook, intake.EndpointInput{
		Name: "監視", URL: new("https://example.com/hook"), Kinds: []intake.IncidentKind{intake.IncidentStale, intake.IncidentWaiting},
	})
	require.NoError(t, err)
	f.endpoint = e.ID
	// Of the other one, a quarantine says more than its silence would.
	quiet := f.link(t, "quiet@example.com")
	for _, age := range []string{"13 hours", "1 hour"} {
		_, err = f.pool.Exec(t.Context(), "UPDATE medium_accounts SET linked_at = now() - interval '3 days', last_imported_at = now() - $1::interval WHERE id = $2", age, quiet)
		require.NoError(t, err)
		_, err = f.pool.Exec(t.Context(), "UPDATE inbox_entries SET decided_at = now() - interval '2 days' WHERE company_id = $1 AND state = 'WAITING'", f.actor.Company.ID)
		require.NoError(t, err)
		require.NoError(t, f.service.Notice(t.Context()))
	}
	incidents, err := f.service.Incidents(t.Context(), f.actor, intake.IncidentFilter{}, intake.Keyset{First: 10})
	require.NoError(t, err)
	for _, i := range incidents {
		switch i.Kind {
		case intake.IncidentLinkFailed:
			f.incident = i.ID
		case intake.IncidentStale:
			f.silence = i.ID
		case intake.IncidentWaiting, intake.IncidentQuarantined, intake.IncidentMediumOutage:
		}
	}
	_, err = f.pool.Exec(t.Context(), `INSERT INTO deliveries (company_id, incident_id, phase, member_id, state, attempts, trouble, status, next_at, tried_at, ended_at)
		VALUES ($1, $2, 'OPENED', $3, 'GIVEN_UP', 1, 'REFUSED', 550, NULL, now(), now())`, f.actor.Company.ID, f.incident, f.actor.Member.ID)
	require.NoError(t, err)
	deliveries, err := f.service.Deliveries(t.Context(), f.actor, intake.DeliveryFilter{IncidentID: &f.incident}, intake.Keyset{First: 1})
	require.NoError(t, err)
	f.delivery = deliveries[0].ID
}

// session signs the company's member in once more.
func (c company) session(t *testing.T) uuid.UUID {
	t.Helper()
	cookie := sha256.Sum256([]byte(uuid.NewString()))
	as := c.actor
	as.Credential.MemberRevision = 1
	id, err := c.service.StartSession(t.Context(), as, intake.NewSession{TokenHash: cookie[:], Data: []byte{}, UserAgent: "Browser"})
	require.NoError(t, err)
	return id
}

// people makes somebody who has not joined yet, and a token that nobody uses.
func (f *full) people(t *testing.T) {
	t.Helper()
	var err error
	f.invited, _, err = f.service.InviteMember(t.Context(), f.actor, intake.Invitation{
		Name: "鈴木一郎", Email: "ichiro@example.com", Roles: []intake.Role{intake.RoleCoordinator},
	})
	require.NoError(t, err)
	f.spare, _, err = f.service.CreateOwnToken(t.Context(), f.actor, intake.TokenInput{Name: "spare", ExpiresInDays: new(30)})
	require.NoError(t, err)
	// As if the member had signed in.
	_, err = f.pool.Exec(t.Context(), "UPDATE members SET last_signed_in_at = now() WHERE id = $1", f.actor.Member.ID)
	require.NoError(t, err)
}

// merged makes one person of two, and people of whom it is known how to reach them and who may be the same.
func (f *full) merged(t *testing.T) {
	t.Helper()
	entries, err := f.service.Inbox(t.Context(), f.actor, intake.InboxFilter{}, intake.Keyset{First: 10})
	require.NoError(t, err)
	first, second := entries[len(entries)-1], entries[len(entries)-2]
	f.person, f.onceMore = first.CandidateID, second.ID
	m, err := f.service.MergeCandidates(t.Context(), f.actor, first.CandidateID, second.CandidateID, nil)
	require.NoError(t, err)
	_, err = f.service.UndoMerge(t.Context(), f.actor, m.ID)
	require.NoError(t, err)
	m, err = f.service.MergeCandidates(t.Context(), f.actor, first.CandidateID, second.CandidateID, nil)
	require.NoError(t, err)
	f.merge = m.ID
	contact := intake.ContactEdit{Email: given("who@example.com"), Phone: given("090-0000-0000"), Note: given("メモ")}
	for _, id := range []uuid.UUID{f.candidate, f.person, f.byHand.CandidateID} {
		_, err = f.service.UpdateCandidate(t.Context(), f.actor, id, contact, nil)
		require.NoError(t, err)
	}
	_, err = f.service.DismissDuplicate(t.Context(), f.actor, f.candidate, f.byHand.CandidateID)
	require.NoError(t, err)
	// As if another import had seen another story of them.
	_, err = f.pool.Exec(t.Context(), "UPDATE candidates SET medium_changed_at = now() WHERE id = $1", f.candidate)
	require.NoError(t, err)
}

func given(value string) intake.Edit { return intake.Edit{Given: true, Value: &value} }

// failsToImport makes a run that fails, and leaves its retry queued.
func (c company) failsToImport(t *testing.T, account uuid.UUID) uuid.UUID {
	t.Helper()
	run, _, err := c.service.ImportNow(t.Context(), c.actor, account)
	require.NoError(t, err)
	c.medium.gives(fresh(intake.FailureUnexpectedResponse))
	require.NoError(t, c.service.Import(t.Context(), c.queue.latest(account)))
	return run.ID
}

// everythingApplied is an application of somebody of whom the medium tells all.
func everythingApplied(number, person int) intake.SourceApplication {
	a := application(routedPosition, number, person)
	a.Kind = intake.EntryScoutReplied
	p := &a.Person
	p.Location, p.CurrentPosition, p.Tagline = new("東京"), new("エンジニア"), new("ものづくり")
	p.Introduction, p.Aspiration, p.ProfileURL = new("はじめまして。"), new("もっと作りたい。"), new("https://example.com/people/6")
	p.WorkHistories = []intake.WorkHistory{{
		CompanyName: new("例社"), Position: new("開発"), Description: new("API"), StartedOn: new("2020-04"), EndedOn: new("2024-03"),
	}}
	p.Educations = []intake.Education{{
		SchoolName: new("例大学"), Major: new("情報"), Description: new("卒論"), GraduatedOn: new("2020-03"),
	}}
	p.Skills, p.Links = []string{"Go"}, []intake.Link{{Title: new("GitHub"), URL: "https://example.com/code"}}
	return a
}

// pick finds what the import has made.
func (f *full) pick(t *testing.T) {
	t.Helper()
	runs, err := f.service.Runs(t.Context(), f.actor, &f.account, intake.Keyset{First: 10})
	require.NoError(t, err)
	f.run = runs[len(runs)-1].ID
	invalid, err := f.service.InvalidRecords(t.Context(), f.actor, f.run, intake.Keyset{First: 10})
	require.NoError(t, err)
	f.invalid = invalid[0].ID
	entries, err := f.service.Inbox(t.Context(), f.actor, intake.InboxFilter{}, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, entries, 9)
	// The latest first: 8, 7, 6, 5, …
	f.erased = entries[8].CandidateID
	f.routed, f.waiting, f.excluded, f.byHand = entries[2], entries[3], entries[4], entries[5]
	f.candidate = f.routed.CandidateID
	made, err := f.service.ApplicationsByEntry(t.Context(), f.actor, []uuid.UUID{entries[2].ID, entries[0].ID})
	require.NoError(t, err)
	f.application, f.ended = made[entries[2].ID], made[entries[0].ID]
	steps, err := f.service.StepsByOpening(t.Context(), f.actor, []uuid.UUID{f.opening.ID})
	require.NoError(t, err)
	f.step = steps[f.opening.ID][1].ID
}

// change does by hand what a recruiter does.
func (f *full) change(t *testing.T) {
	t.Helper()
	var err error
	f.excluded, err = f.service.ExcludeEntry(t.Context(), f.actor, f.excluded.ID)
	require.NoError(t, err)
	f.byHand, err = f.service.RouteEntry(t.Context(), f.actor, f.byHand.ID, f.other.ID)
	require.NoError(t, err)
	f.action = *f.byHand.Explanation.ActionID
	f.application, err = f.service.MoveApplication(t.Context(), f.actor, intake.Change{ID: f.application.ID, Note: new("よい")}, f.step)
	require.NoError(t, err)
	f.ended, err = f.service.CloseApplication(t.Context(), f.actor, intake.Change{ID: f.ended.ID}, intake.OutcomeRejected)
	require.NoError(t, err)
	receipt, err := f.service.EraseCandidate(t.Context(), f.actor, f.erased, intake.ErasedOnRequest)
	require.NoError(t, err)
	f.erasure = receipt.ID
}

// nodes are one of each type that has an id, as rich as it comes.
func (f *full) nodes() map[string]uuid.UUID {
	return map[string]uuid.UUID{
		"MediumAccount": f.account, "ImportRun": f.run, "InvalidRecord": f.invalid, "Candidate": f.candidate,
		"InboxEntry": f.routed.ID, "RoutingRule": f.rule.ID, "Opening": f.opening.ID, "Application": f.application.ID,
		"Member": f.actor.Member.ID, "Company": f.actor.Company.ID, "Erasure": f.erasure,
		"RoutingAction":       f.action,
		"ApplicantFileImport": f.file.ID,
		"Incident":            f.incident, "NotificationEndpoint": f.endpoint, "NotificationDelivery": f.delivery,
	}
}
