package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// Decider is who or what made a decision.
type Decider string

// The deciders. SYSTEM: nothing decided yet, so it waits.
const (
	DecidedByRule   Decider = "RULE"
	DecidedByMember Decider = "MEMBER"
	DecidedBySystem Decider = "SYSTEM"
)

// WaitingReason says why an entry waits.
type WaitingReason string

// The reasons. UNDONE: a rule fits, but a routing or an exclusion was taken back since it is as it is, so it routes nobody
// here.
const (
	WaitingForRule    WaitingReason = "NO_RULE"
	WaitingForOpening WaitingReason = "OPENING_CLOSED"
	WaitingUndone     WaitingReason = "UNDONE"
)

// RoutingExplanation says why an entry went where it went, or why it waits. It names the rule and the opening as
// they then stood, and stays when those change or go.
type RoutingExplanation struct {
	State     RoutingState
	Decider   Decider
	DecidedAt time.Time
	MemberID  *uuid.UUID
	// RuleID is the rule that routed it, or that fits and is held back where something was taken back.
	RuleID           *uuid.UUID
	RuleRevision     *int
	RulePositionName *string
	WaitingReason    *WaitingReason
	// OpeningClosed: a rule fits, but its opening takes nobody at present.
	OpeningClosed          bool
	RawPositionName        string
	NormalizedPositionName string
	// OpeningID is where it went.
	OpeningID *uuid.UUID
	// OpeningName is of the opening that it went to, that was closed, or that it was taken back from. Only what is
	// read from the history knows it.
	OpeningName *string
	// ExclusionUndone: it waits since its exclusion was undone. Only what is read from the history knows it.
	ExclusionUndone bool
	// ActionID is the action that this was a part of.
	ActionID *uuid.UUID
	// Considered are the rules that came near and lost.
	Considered []ConsideredRule
	// Reroutings are where the application has gone since, the oldest first. Only what is read from the history knows
	// them.
	Reroutings []Rerouting
}

// Rerouting is a member's moving of an application to another opening. The names are what the openings were called then.
type Rerouting struct {
	At              time.Time
	MemberID        *uuid.UUID
	Member          string
	FromOpeningID   uuid.UUID
	OpeningID       uuid.UUID
	FromOpeningName string
	OpeningName     string
}

func (r Rerouting) text() Text {
	return Text{
		fmt.Sprintf("その後、%sさんが求人「%s」から求人「%s」に移しました。", r.Member, r.FromOpeningName, r.OpeningName),
		fmt.Sprintf(" Later %s moved it from the opening “%s” to the opening “%s”.", r.Member, r.FromOpeningName, r.OpeningName),
	}
}

// RuleNormalizedPositionName is the rule's position name as it was compared: a rule matches what is equal to it.
func (x RoutingExplanation) RuleNormalizedPositionName() *string {
	if x.RuleID == nil {
		return nil
	}
	return &x.NormalizedPositionName
}

// RoutingDecision is one line of an entry's history of routing; never changed.
type RoutingDecision struct {
	At          time.Time
	State       RoutingState
	Explanation RoutingExplanation
}

// ConsideredReason says why a rule that came near did not route an entry.
type ConsideredReason string

// The reasons.
const (
	ConsideredOpeningClosed ConsideredReason = "OPENING_CLOSED"
	ConsideredOtherMedium   ConsideredReason = "OTHER_MEDIUM"
	ConsideredDecoration    ConsideredReason = "DECORATION"
	ConsideredSimilar       ConsideredReason = "SIMILAR"
	ConsideredOther         ConsideredReason = "OTHER"
)

// ConsideredRule is a rule that came near an entry and lost, as it then stood.
type ConsideredRule struct {
	RuleID       uuid.UUID
	Revision     int
	PositionName string
	Medium       *Medium
	OpeningID    *uuid.UUID
	Reason       ConsideredReason
	Score        *float64
}

// Text says why the rule lost.
func (c ConsideredRule) Text() Text {
	switch c.Reason {
	case ConsideredOpeningClosed:
		return Text{"振り分け先の求人が終了しています。", "Its opening is closed."}
	case ConsideredOtherMedium:
		return Text{"別の求人媒体のルールです。", "It is for another medium."}
	case ConsideredDecoration:
		return Text{"募集ポジション名の装飾や記号が異なります。", "The position names differ in decorations."}
	case ConsideredSimilar:
		return Text{"募集ポジション名が似ていますが、一致しません。", "The position names are alike, but not the same."}
	case ConsideredOther:
	}
	return Text{"一致しません。", "It does not match."}
}

// DecidedBy names the decider; member is the name of the one in MemberID, if any.
func (x RoutingExplanation) DecidedBy(member string) Text {
	switch x.Decider {
	case DecidedByRule:
		return Text{"振り分けルール", "Routing rule"}
	case DecidedByMember:
		return Text{member, member}
	case DecidedBySystem:
	}
	return Text{"システム", "System"}
}

// Summary explains in a sentence or two, and one for each rerouting.
func (x RoutingExplanation) Summary(member string) Text {
	summary := x.decision(member)
	for _, r := range x.Reroutings {
		later := r.text()
		summary = Text{summary.JA + later.JA, summary.EN + later.EN}
	}
	return summary
}

func (x RoutingExplanation) decision(member string) Text {
	switch {
	case x.State == StateRouted && x.Decider == DecidedByRule:
		to := x.opening("求人「%s」に", " to the opening “%s”")
		return Text{
			fmt.Sprintf("募集ポジション名「%s」が振り分けルール「%s」（第%d版）に一致したため、%s自動で振り分けました。", x.RawPositionName, *x.RulePositionName, *x.RuleRevision, to.JA),
			fmt.Sprintf("The position name “%s” matched the rule “%s” (revision %d), so it was routed on its own%s.", x.RawPositionName, *x.RulePositionName, *x.RuleRevision, to.EN),
		}
	case x.State == StateRouted:
		to := x.opening("求人「%s」に", " to the opening “%s”")
		return Text{fmt.Sprintf("%sさんが%s手動で振り分けました。", member, to.JA), fmt.Sprintf("Routed by hand%s by %s.", to.EN, member)}
	case x.State == StateExcluded:
		return Text{fmt.Sprintf("%sさんが対象外にしました。", member), fmt.Sprintf("Excluded by %s.", member)}
	}
	return x.waits(member)
}

func (x RoutingExplanation) waits(member string) Text {
	switch {
	case x.OpeningClosed:
		opening := x.opening("求人「%s」", " “%s”")
		if opening.JA == "" {
			opening.JA = "求人"
		}
		return Text{
			fmt.Sprintf("募集ポジション名「%s」に一致する振り分けルールがありますが、振り分け先の%sが終了しているため、滞留しています。", x.RawPositionName, opening.JA),
			fmt.Sprintf("A rule matches the position name “%s”, but its opening%s is closed, so this waits.", x.RawPositionName, opening.EN),
		}
	case x.WaitingReason != nil && *x.WaitingReason == WaitingUndone:
		taken := x.takenBack(member)
		return Text{
			taken.JA + fmt.Sprintf("振り分けルール「%s」（第%d版）は一致しますが、ルールが変更されるか、手動で振り分けられるまで、滞留しています。", *x.RulePositionName, *x.RuleRevision),
			taken.EN + fmt.Sprintf("The rule “%s” (revision %d) matches, but this waits until that rule changes or somebody routes it by hand.", *x.RulePositionName, *x.RuleRevision),
		}
	}
	taken := Text{}
	if x.OpeningName != nil || x.ExclusionUndone {
		taken = x.takenBack(member)
	}
	return Text{
		taken.JA + fmt.Sprintf("募集ポジション名「%s」に一致する振り分けルールがないため、滞留しています。", x.RawPositionName),
		taken.EN + fmt.Sprintf("No rule matches the position name “%s”, so this waits.", x.RawPositionName),
	}
}

// takenBack says what was taken back: from where, and by whom.
func (x RoutingExplanation) takenBack(member string) Text {
	if x.ExclusionUndone {
		return Text{"対象外が取り消されました。", "The exclusion was taken back. "}
	}
	if x.OpeningName == nil {
		return Text{"以前の操作が取り消されています。", "An earlier action was taken back. "}
	}
	from := x.opening("求人「%s」への", " to the opening “%s”")
	return Text{fmt.Sprintf("%sさんが%s振り分けを取り消しました。", member, from.JA), fmt.Sprintf("%s took the routing%s back. ", member, from.EN)}
}

// opening puts the opening's name into a phrase; nothing where it is not known.
func (x RoutingExplanation) opening(ja, en string) Text {
	if x.OpeningName == nil {
		return Text{}
	}
	return Text{fmt.Sprintf(ja, *x.OpeningName), fmt.Sprintf(en, *x.OpeningName)}
}

// DecisionsByEntry returns the decisions about each entry, the oldest first: the last is where it is now.
func (s *Service) DecisionsByEntry(ctx context.Context, actor Actor, entryIDs []uuid.UUID) (map[uuid.UUID][]RoutingDecision, error) {
	rows, err := s.as(actor, recruiting).DecisionsByEntry(ctx, dbgen.DecisionsByEntryParams{CompanyID: actor.Company.ID, EntryIds: entryIDs})
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	decisions := make(map[uuid.UUID][]RoutingDecision)
	for _, r := range rows {
		x := explanation(r.RoutingDecision, r.PositionName, r.NormalizedPositionName)
		before := decisions[r.RoutingDecision.EntryID]
		x.ExclusionUndone = len(before) > 0 && before[len(before)-1].State == StateExcluded && x.undid()
		decisions[r.RoutingDecision.EntryID] = append(before, RoutingDecision{At: x.DecidedAt, State: x.State, Explanation: x})
	}
	return decisions, s.tellReroutings(ctx, actor, decisions)
}

// tellReroutings adds to each routing where its application was moved later.
func (s *Service) tellReroutings(ctx context.Context, actor Actor, decisions map[uuid.UUID][]RoutingDecision) error {
	var routed []uuid.UUID
	for id, all := range decisions {
		if slices.ContainsFunc(all, func(d RoutingDecision) bool { return d.State == StateRouted }) {
			routed = append(routed, id)
		}
	}
	if len(routed) == 0 {
		return nil
	}
	rows, err := s.as(actor, recruiting).ReroutingsByEntry(ctx, dbgen.ReroutingsByEntryParams{CompanyID: actor.Company.ID, EntryIds: routed})
	if err != nil {
		return fmt.Errorf("read reroutings: %w", err)
	}
	for _, r := range rows {
		all := decisions[r.EntryID]
		for i := len(all) - 1; i >= 0; i-- {
			if x := &all[i].Explanation; x.State == StateRouted && !x.DecidedAt.After(r.At) {
				x.Reroutings = append(x.Reroutings, Rerouting{
					At: r.At, MemberID: r.MemberID, Member: r.Member, FromOpeningID: r.FromOpeningID, OpeningID: r.OpeningID,
					FromOpeningName: r.FromOpeningName, OpeningName: r.OpeningName,
				})
				break
			}
		}
	}
	return nil
}

// undid reports whether this waits since a member undid an action: what a member does is an action otherwise.
func (x RoutingExplanation) undid() bool {
	return x.State == StateWaiting && x.Decider == DecidedByMember && x.ActionID == nil
}

func explanation(d dbgen.RoutingDecision, positionName, normalized string) RoutingExplanation {
	x := RoutingExplanation{
		State: RoutingState(d.State), Decider: Decider(d.DecidedBy), DecidedAt: d.At, MemberID: d.MemberID,
		WaitingReason: (*WaitingReason)(d.WaitingReason), RawPositionName: positionName, NormalizedPositionName: normalized,
		OpeningID: d.OpeningID, OpeningName: d.OpeningName, ActionID: d.ActionID, Considered: readConsidered(d.Considered),
	}
	x.OpeningClosed = x.WaitingReason != nil && *x.WaitingReason == WaitingForOpening
	// An entry that was excluded may remember whose routing was taken back; that is not why it is excluded.
	if d.RuleRevision != nil && x.State != StateExcluded {
		revision := int(*d.RuleRevision)
		x.RuleID, x.RuleRevision, x.RulePositionName = d.RuleID, &revision, d.RulePositionName
	}
	return x
}

// readConsidered reads what stands in the database. What it cannot make out it passes over: this explains, and must
// not keep anybody from their inbox.
func readConsidered(stored json.RawMessage) []ConsideredRule {
	rules := []ConsideredRule{}
	var items []json.RawMessage
	if json.Unmarshal(stored, &items) != nil {
		return rules
	}
	for _, item := range items {
		var r struct {
			Rule         uuid.UUID
			Revision     int
			PositionName string
			Medium       Medium
			Opening      string
			Why          ConsideredReason
			Score        *float64
		}
		if json.Unmarshal(item, &r) != nil || r.Rule == uuid.Nil {
			continue
		}
		c := ConsideredRule{RuleID: r.Rule, Revision: r.Revision, PositionName: r.PositionName, Reason: r.Why, Score: r.Score}
		if slices.Contains(media, r.Medium) {
			c.Medium = &r.Medium
		}
		if id, err := uuid.Parse(r.Opening); err == nil {
			c.OpeningID = &id
		}
		switch c.Reason {
		case ConsideredOpeningClosed, ConsideredOtherMedium, ConsideredDecoration, ConsideredSimilar:
		default:
			c.Reason = ConsideredOther
		}
		rules = append(rules, c)
	}
	return rules
}
