package intake

// Possible says whether something can be done now.
type Possible struct {
	// WhyNot is nil when it can.
	WhyNot *Text
}

// Enabled reports whether it can be done.
func (p Possible) Enabled() bool { return p.WhyNot == nil }

var textForRecruiters = Text{"採用担当者だけができます。", "Only recruiters can do this."}

// forThose says why something cannot be done: because the actor holds none of the roles, or else whyNot.
func (a Actor) forThose(roles []Role, otherwise Text, whyNot *Text) Possible {
	if !a.may(roles) {
		return Possible{&otherwise}
	}
	return Possible{whyNot}
}
