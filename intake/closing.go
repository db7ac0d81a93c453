package intake

import (
	"fmt"
	"slices"
)

// ClosingReason is a class of reasons for which a selection ends.
type ClosingReason string

// The classes.
const (
	ReasonSkills         ClosingReason = "SKILLS"
	ReasonCulture        ClosingReason = "CULTURE"
	ReasonConditions     ClosingReason = "CONDITIONS"
	ReasonRequirements   ClosingReason = "REQUIREMENTS"
	ReasonPositionFilled ClosingReason = "POSITION_FILLED"
	ReasonOtherOffer     ClosingReason = "OTHER_OFFER"
	ReasonDuties         ClosingReason = "DUTIES"
	ReasonUnreachable    ClosingReason = "UNREACHABLE"
	ReasonDuration       ClosingReason = "DURATION"
	ReasonPersonal       ClosingReason = "PERSONAL"
	ReasonOther          ClosingReason = "OTHER"
)

// maxReasons is how many classes a selection ends for, as recruiters are used to.
const maxReasons = 3

// ClosingReasonClass is a class of reasons with its name and the outcomes that it may explain.
type ClosingReasonClass struct {
	Reason   ClosingReason
	Name     Text
	Outcomes []SelectionOutcome
}

var (
	eitherSide = []SelectionOutcome{OutcomeRejected, OutcomeWithdrawn}
	ourSide    = []SelectionOutcome{OutcomeRejected}
	theirSide  = []SelectionOutcome{OutcomeWithdrawn}
)

// closingReasons are all classes, in the order in which they are offered.
var closingReasons = []ClosingReasonClass{
	{ReasonSkills, Text{"経験・スキル", "Experience and skills"}, ourSide},
	{ReasonRequirements, Text{"応募要件外", "Outside the requirements"}, ourSide},
	{ReasonPositionFilled, Text{"募集枠の充足", "The position is filled"}, ourSide},
	{ReasonCulture, Text{"志向・カルチャー", "Aspirations and culture"}, eitherSide},
	{ReasonConditions, Text{"条件（給与・勤務地・働き方）", "Conditions: salary, place, ways of working"}, eitherSide},
	{ReasonOtherOffer, Text{"他社内定・他社選考", "Another company's offer or selection"}, theirSide},
	{ReasonDuties, Text{"仕事内容", "The work itself"}, theirSide},
	{ReasonDuration, Text{"選考期間", "The selection took too long"}, theirSide},
	{ReasonPersonal, Text{"家庭・健康などの事情", "Family, health or the like"}, theirSide},
	{ReasonUnreachable, Text{"連絡不通", "Not to be reached"}, eitherSide},
	{ReasonOther, Text{"その他", "Other"}, eitherSide},
}

// ClosingReasons are the classes that may explain an outcome, or all of them, in the order in which to offer them.
func ClosingReasons(outcome *SelectionOutcome) []ClosingReasonClass {
	return slices.DeleteFunc(slices.Clone(closingReasons), func(c ClosingReasonClass) bool {
		return outcome != nil && !c.Reason.Explains(*outcome)
	})
}

// Class is the reason with its name.
func (r ClosingReason) Class() ClosingReasonClass {
	for _, c := range closingReasons {
		if c.Reason == r {
			return c
		}
	}
	return ClosingReasonClass{Reason: r}
}

// Explains reports whether a selection can end so for this reason: 不合格 and 辞退 have reasons, each its own.
func (r ClosingReason) Explains(outcome SelectionOutcome) bool {
	return slices.Contains(r.Class().Outcomes, outcome)
}

// checkClosing looks at how a selection is to end, and why.
func checkClosing(outcome SelectionOutcome, reasons []ClosingReason) error {
	var c check
	if outcome == OutcomeInProgress || outcome == OutcomeRoutingUndone {
		c.add(CodeInvalid, Text{"終了の結果を選んでください。", "Choose how the selection ends."}, "outcome")
	}
	if len(reasons) > maxReasons {
		c.add(CodeTooLong, Text{"理由は3つまでです。", "There are at most 3 reasons."}, "reasons")
	}
	for i, r := range reasons {
		switch {
		case len(c.errs) > 0:
		case !r.Explains(outcome):
			c.add(CodeInvalid, Text{"この結果には選べない理由です。", "This outcome does not have this reason."}, "reasons", fmt.Sprint(i))
		case slices.Contains(reasons[:i], r):
			c.add(CodeInvalid, Text{"同じ理由が重複しています。", "This reason is there already."}, "reasons", fmt.Sprint(i))
		}
	}
	return c.err()
}

func reasonNames(reasons []ClosingReason) []string {
	return mapRows(reasons, func(r ClosingReason) string { return string(r) })
}
