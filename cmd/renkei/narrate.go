package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"renkei/intake"
)

// demo shows the main job at work: it registers the sample company's account and tells what happens as
// it happens.
type demo struct {
	service *intake.Service
	dataDir string
	state   demoState
	say     func(string, ...any)
	address string

	actor   intake.Actor
	account intake.MediumAccount
	began   time.Time
	// told are the entries that were spoken of; guided tells that the addresses were shown.
	told   map[uuid.UUID]bool
	guided bool
	// resumed: the account is of an earlier start.
	resumed bool
}

// address is where a browser on this machine finds the API.
func (a *app) address() string {
	host, port, err := net.SplitHostPort(a.socket.Addr().String())
	if err != nil {
		return "http://" + a.socket.Addr().String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func (d *demo) show(ctx context.Context) error {
	d.began, d.told = time.Now(), make(map[uuid.UUID]bool)
	if err := d.company(ctx); err != nil {
		return fmt.Errorf("set up the sample company: %w", err)
	}
	if err := d.register(ctx); err != nil {
		return fmt.Errorf("register the sample account: %w", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return d.tellStatus(ctx) })
	group.Go(func() error { return d.tellRuns(ctx) })
	return group.Wait()
}

// company finds the sample company of an earlier start, or makes it.
func (d *demo) company(ctx context.Context) (err error) {
	if d.actor, err = d.service.ActorByToken(ctx, d.state.Token); err == nil {
		d.say("• sample company %s, from an earlier start", d.actor.Company.Name)
		return nil
	}
	company, err := d.service.CreateCompany(ctx, "株式会社サンプル")
	if err != nil {
		return err
	}
	member, err := d.service.CreateMember(ctx, intake.NewMember{
		CompanyID: company.ID, Name: "見本 花子", Email: demoMember,
		Roles: []intake.Role{intake.RoleAdmin, intake.RoleRecruiter}, Password: intake.NewSecret(d.state.Password),
	})
	if err != nil {
		return err
	}
	token, err := d.service.CreateToken(ctx, intake.NewToken{CompanyID: company.ID, MemberID: member.ID, Name: "demo"})
	if err != nil {
		return err
	}
	d.actor = intake.Actor{Company: company, Member: member}
	if err := d.openings(ctx); err != nil {
		return err
	}
	d.state.CompanyID, d.state.Token = company.ID, token
	return d.state.save(d.dataDir)
}

func (d *demo) openings(ctx context.Context) error {
	d.say("• sample company %s, with %s (管理者, 採用担当者)", d.actor.Company.Name, d.actor.Member.Name)
	for _, o := range demoOpenings {
		opening, err := d.service.CreateOpening(ctx, d.actor, intake.OpeningInput{Name: o.name})
		if err != nil {
			return err
		}
		d.say("    求人「%s」", opening.Name)
		if o.position == "" {
			continue
		}
		rule := intake.RuleInput{Medium: intake.MediumWantedly, PositionName: o.position, OpeningID: opening.ID}
		if _, _, err := d.service.CreateRule(ctx, d.actor, rule); err != nil {
			return err
		}
		d.say("    振り分けルール: Wantedly「%s」 → 「%s」", o.position, opening.Name)
	}
	return nil
}

// register registers the sample account, or leaves the one of an earlier start as it is.
func (d *demo) register(ctx context.Context) error {
	accounts, err := d.service.Accounts(ctx, d.actor, nil)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.Email == demoLogin {
			d.account, d.resumed = a, true
			return nil
		}
	}
	from := time.Now().Add(-demoLookBack)
	d.account, err = d.service.Register(ctx, d.actor, intake.Registration{
		Medium: intake.MediumWantedly, Email: demoLogin, Password: intake.NewSecret(demoPassword), ImportFrom: &from,
	})
	return err
}

var statusNames = map[intake.LinkStatus]string{
	intake.StatusUnlinked:    "未連携",
	intake.StatusVerifying:   "アカウント認証中",
	intake.StatusLinked:      "連携中",
	intake.StatusAuthFailed:  "アカウント認証失敗",
	intake.StatusSystemError: "エラーにより認証失敗",
}

func (d *demo) tell(at time.Time, format string, args ...any) {
	d.say(at.Local().Format("15:04:05")+"  "+format, args...)
}

// tellStatus tells how the links stand, and then each change.
func (d *demo) tellStatus(ctx context.Context) error {
	events, err := d.service.WatchAccounts(ctx, d.actor, nil, nil)
	if err != nil {
		return err
	}
	for e := range events {
		before := ""
		if e.PreviousStatus != nil {
			before = statusNames[*e.PreviousStatus] + " → "
		}
		d.tell(e.At, "連携状況  %s: %s%s", e.Account.Email, before, statusNames[e.Account.Status])
		if e.Account.Failure != nil {
			d.tell(e.At, "          %s", e.Account.Failure.Reason.Text().JA)
		}
	}
	return ctx.Err()
}

func (d *demo) tellRuns(ctx context.Context) error {
	events, err := d.service.WatchRuns(ctx, d.actor, nil, nil)
	if err != nil {
		return err
	}
	for e := range events {
		r := e.Run
		if r.Imported > 0 {
			if err := d.tellEntries(ctx, r.ID); err != nil {
				return err
			}
		}
		switch {
		case r.Status == intake.RunRunning && r.Seen == 0:
			d.tell(e.At, "取り込み  開始（%s）", r.Trigger)
		case r.FinishedAt != nil:
			d.tell(e.At, "取り込み  %s: 確認 %d、取り込み済み %d、新規 %d（振り分け %d、滞留 %d）、読み取り不可 %d",
				r.Status, r.Seen, r.Known, r.Imported, r.Routed, r.Waiting, r.Invalid)
			if err := d.tellSuggestion(ctx, e.At); err != nil {
				return err
			}
			d.guide(r.Status == intake.RunSucceeded)
		}
	}
	return ctx.Err()
}

// tellEntries says who of a run's entries was routed where, and who waits.
func (d *demo) tellEntries(ctx context.Context, runID uuid.UUID) error {
	page := intake.Keyset{First: intake.MaxPage}
	entries, err := d.service.Inbox(ctx, d.actor, intake.InboxFilter{RunID: &runID}, page)
	if err != nil {
		return err
	}
	var fresh []intake.InboxEntry
	var people, ids []uuid.UUID
	for _, e := range entries {
		if !d.told[e.ID] {
			d.told[e.ID] = true
			fresh, people, ids = append(fresh, e), append(people, e.CandidateID), append(ids, e.ID)
		}
	}
	candidates, err := d.service.CandidatesByID(ctx, d.actor, people)
	if err != nil {
		return err
	}
	openings, err := d.openingsByEntry(ctx, ids)
	if err != nil {
		return err
	}
	for _, e := range fresh {
		kind := "応募"
		if e.Kind == intake.EntryScoutReplied {
			kind = "スカウト返信"
		}
		where := "滞留（一致する振り分けルールがありません）"
		if e.State == intake.StateRouted {
			where = "求人「" + openings[e.ID] + "」"
		}
		d.tell(e.ImportedAt, "  %s  %s「%s」 → %s", candidates[e.CandidateID].Name, kind, e.PositionName, where)
	}
	return nil
}

// tellSuggestion shows, once, what fits best of all that waits.
func (d *demo) tellSuggestion(ctx context.Context, at time.Time) error {
	if d.guided {
		return nil
	}
	waiting, err := d.service.WaitingPositions(ctx, d.actor, intake.MaxPage)
	if err != nil {
		return err
	}
	var keys []intake.PositionKey
	for _, w := range waiting {
		keys = append(keys, w.Key())
	}
	near, err := d.service.SuggestionsByPosition(ctx, d.actor, keys)
	if err != nil {
		return err
	}
	var best intake.RoutingSuggestion
	name := ""
	for _, w := range waiting {
		if s := near[w.Key()]; len(s) > 0 && s[0].Score > best.Score {
			best, name = s[0], w.PositionName
		}
	}
	if name == "" {
		return nil
	}
	openings, err := d.service.OpeningsByID(ctx, d.actor, []uuid.UUID{best.OpeningID})
	if err != nil {
		return err
	}
	d.tell(at, "提案      滞留中の「%s」 → 求人「%s」？ %s", name, openings[best.OpeningID].Name, best.Reason.JA)
	return nil
}

// openingsByEntry names the opening that each entry was routed to.
func (d *demo) openingsByEntry(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	applications, err := d.service.ApplicationsByEntry(ctx, d.actor, ids)
	if err != nil {
		return nil, err
	}
	var openingIDs []uuid.UUID
	for _, a := range applications {
		openingIDs = append(openingIDs, a.OpeningID)
	}
	openings, err := d.service.OpeningsByID(ctx, d.actor, openingIDs)
	if err != nil {
		return nil, err
	}
	names := make(map[uuid.UUID]string, len(applications))
	for entryID, a := range applications {
		names[entryID] = openings[a.OpeningID].Name
	}
	return names, nil
}

// signIn says how to get in at the console, which offers it itself on this machine.
func (d *demo) signIn() string {
	if d.state.Password == "" {
		return ""
	}
	return fmt.Sprintf("   (サンプル会社で試す, or sign in as %s with %s)", demoMember, d.state.Password)
}

// guide shows, once, how to go on from here.
func (d *demo) guide(succeeded bool) {
	if d.guided || !succeeded {
		return
	}
	d.guided = true
	ran := fmt.Sprintf("The main job has run, %.1f s after the start.", time.Since(d.began).Seconds())
	if d.resumed {
		ran = "The account was linked at an earlier start, and goes on."
	}
	d.say(`
%s Somebody new applies every %s; imports come every %s here.

  Console      %s/%s
  Playground   %s/graphql   (put the header below under "Headers")
  Schema       %s/schema.graphql
  Header       {"Authorization": "Bearer %s"}

Four to paste:

  query Inbox {
    waitingPositions { positionName count suggestions { score reason opening { name } } }
    inbox(first: 5) { totalCount nodes { positionName state candidate { name currentPosition } explanation { summary } } }
    openings { nodes { id name applicationCount } }
  }

  mutation Rule {   # put an opening's id from above
    createRoutingRule(input: {medium: WANTEDLY, positionName: "フロントエンドエンジニア", openingId: "…"}) {
      routedCount action { id undoableUntil } rule { positionName opening { name } } errors { message field }
    }
  }

  mutation Undo {   # for 15 minutes: put the action's id from above
    undoRoutingAction(id: "…") { undoneCount errors { message } }
  }

  subscription Live {
    inboxChanged { cursor at waitingCount routedCount }
  }
`, ran, demoArrivals, demoInterval, d.address, d.signIn(), d.address, d.address, d.state.Token)
}
