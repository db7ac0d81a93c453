package wantedly

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"renkei/intake"
)

// listing looks at the list of tickets.
func (k *check) listing(ctx context.Context) bool {
	v := k.visit
	body, err := v.ask(ctx, listPath, listQuery(1))
	if errors.Is(err, errForbidden) {
		err = fail(intake.FailureNoCandidatePermission, "this account may not open the hiring pages")
		k.got(factPermission, err, false, "")
		k.say(factForbidden, Holds, "")
		return false
	}
	if !k.got(factListing, err, true, "") {
		return false
	}
	elements, err := lineElements(body, 1)
	if !k.got(factListing, err, true, "") {
		return false
	}
	k.say(factPermission, Holds, "")
	for _, e := range elements {
		line, ok := parseLine(e)
		if !k.is(factListing, ok, "a line without a number: %s", shapeOf(e)) {
			return false
		}
		k.lines = append(k.lines, line)
	}
	if len(k.lines) == 0 {
		for _, words := range []string{factOrder, factFirstPage, factPages, factPastEnd, factPending, factStateless, factOneByOne} {
			k.say(words, NotSeen, "nobody has applied")
		}
		return true
	}
	k.order()
	k.steps()
	return k.pages(ctx) && k.pending(ctx)
}

func (k *check) order() {
	if len(k.lines) < 2 {
		k.say(factOrder, NotSeen, "there is but one ticket")
		return
	}
	falling := slices.IsSortedFunc(k.lines, func(a, b listed) int { return int(b.number - a.number) })
	k.is(factOrder, falling, "the numbers do not fall")
}

// steps looks for gaps.
func (k *check) steps() {
	for i, line := range k.lines[1:] {
		if line.number != k.lines[i].number-1 {
			k.say(factOneByOne, NotSeen, "there are gaps: the account is shown a part (担当), or tickets were deleted")
			return
		}
	}
	k.say(factOneByOne, Holds, "")
}

// pending looks at the list as it was seen in public code, beside the list as it is read.
func (k *check) pending(ctx context.Context) bool {
	query := listQuery(1)
	query.Set("state", "pending")
	lines, err := k.listed(ctx, query)
	last, handled, strange := k.lines[len(k.lines)-1].number, 0, 0
	for _, line := range lines {
		if line.number >= last && line.number <= k.lines[0].number && !k.lists(line.number) {
			strange++
		}
	}
	if !k.got(factPending, err, strange == 0, fmt.Sprintf("it shows %d tickets that the list without it lacks", strange)) {
		return k.stopped == nil
	}
	for _, line := range k.lines {
		if !slices.ContainsFunc(lines, func(l listed) bool { return l.number == line.number }) && (len(lines) == 0 || line.number > lines[len(lines)-1].number) {
			handled++
		}
	}
	if handled == 0 {
		const why = "nobody has handled any of the newest tickets, or both lists are the same"
		k.say(factPending, NotSeen, why)
		k.say(factStateless, NotSeen, why)
		return true
	}
	k.say(factStateless, Holds, "")
	return true
}

// listed are the lines that the list has for a query.
func (k *check) listed(ctx context.Context, query url.Values) ([]listed, error) {
	body, err := k.visit.ask(ctx, listPath, query)
	if err != nil {
		return nil, err
	}
	return parseListing(body, 1)
}

// lists reports whether page 1 lists a number.
func (k *check) lists(number int64) bool {
	return slices.ContainsFunc(k.lines, func(l listed) bool { return l.number == number })
}

// pages looks at page 1 as it is without its number, at page 2, and at one past the end.
func (k *check) pages(ctx context.Context) bool {
	v := k.visit
	query := listQuery(1)
	query.Del("page")
	first, err := k.listed(ctx, query)
	newest := k.lines[0].number
	shown := slices.ContainsFunc(first, func(l listed) bool { return l.number == newest })
	if !k.got(factFirstPage, err, shown, "what is shown without page lacks the newest of page=1") && k.stopped != nil {
		return false
	}
	second, err := v.list(ctx, 2)
	if err == nil && len(second) == 0 {
		k.say(factPages, NotSeen, "there is but one page")
	} else if !k.got(factPages, err, err == nil && second[0].number < k.lines[len(k.lines)-1].number, "it shows what page 1 showed: page may be ignored") && err != nil {
		return k.stopped == nil
	}
	const past = 100_000
	empty, err := v.list(ctx, past)
	k.got(factPastEnd, err, len(empty) == 0, fmt.Sprintf("it shows %d tickets", len(empty)))
	return k.stopped == nil
}
