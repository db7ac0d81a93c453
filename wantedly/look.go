package wantedly

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"renkei/intake"
)

// field is one that is read, with what it may be besides null. Of a list, its fields are those of the first element.
type field struct {
	name   string
	types  string
	fields []field
}

// What is read, and so must be there, or was so far. What the connector does not read may come and go.
var (
	listingFields = []field{{name: "number", types: "number string"}}
	ticketFields  = []field{{name: "data", types: "object", fields: []field{
		{name: "number", types: "number string"},
		{name: "created_at", types: "string"},
		{name: "project", types: "object", fields: []field{{name: "id", types: "number string"}, {name: "title", types: "string"}}},
		{name: "candidate", types: "object", fields: []field{{name: "id", types: "number string"}}},
		{name: "candidacy", types: "object", fields: []field{{name: "id", types: "number string"}}},
		{name: "scout", types: "object"},
	}}}
	profileFields = []field{
		{name: "user", types: "object", fields: []field{{name: "name", types: "string"}}},
		{name: "location", types: "string"},
		{name: "current_position", types: "string"},
		{name: "tagline", types: "string"},
		{name: "introduction", types: "string"},
		{name: "statement", types: "string"},
		{name: "working_histories", types: "array", fields: []field{
			{name: "company_name", types: "string"},
			{name: "position", types: "string"},
			{name: "description", types: "string"},
			{name: "started_on", types: "string"},
			{name: "ended_on", types: "string"},
		}},
		{name: "academic_records", types: "array", fields: []field{
			{name: "school_name", types: "string"}, {name: "major", types: "string"}, {name: "graduated_on", types: "string"},
		}},
		{name: "skill_taggings", types: "array", fields: []field{{name: "tag", types: "object", fields: []field{{name: "name", types: "string"}}}}},
		{name: "portfolio_items", types: "array", fields: []field{{name: "title", types: "string"}, {name: "url", types: "string"}}},
	}
)

// The kinds of records, as paths begin.
const (
	kindListing = "listing"
	kindTicket  = "ticket"
	kindProfile = "profile"
)

const (
	// maxLookOthers bounds the fields that nothing is read from.
	maxLookOthers = 100
	// maxFormPart bounds a name in a form.
	maxFormPart = 60
)

// looking gathers how the site looks.
type looking struct {
	intake.Look
	last map[string]json.RawMessage // by kind
}

// at looks at a record that could be read.
func (l *looking) at(kind string, fields []field, raw json.RawMessage) {
	if l.last == nil {
		l.last = map[string]json.RawMessage{}
	}
	l.last[kind] = raw
	l.walk(kind+".", fields, raw)
}

func (l *looking) walk(path string, fields []field, raw json.RawMessage) {
	members, ok := readMembers(raw)
	if !ok {
		return
	}
	for _, f := range fields {
		value, kind := members[f.name], typeName(members[f.name])
		l.count(path+f.name, kind == "null" || kind != "" && slices.Contains(strings.Fields(f.types), kind))
		switch {
		case len(f.fields) == 0:
		case kind == "object" && f.types == kind:
			l.walk(path+f.name+".", f.fields, value)
		case kind == "array" && f.types == kind:
			if elements, _ := readElements(value, 1); len(elements) > 0 {
				l.walk(path+f.name+"[].", f.fields, elements[0])
			}
		}
	}
	for key := range members {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == key }) {
			l.note(path + safeKey(key))
		}
	}
}

func (l *looking) count(path string, there bool) {
	if l.Fields == nil {
		l.Fields = map[string]intake.Share{}
	}
	s := l.Fields[path]
	s.Of++
	if there {
		s.There++
	}
	l.Fields[path] = s
}

func (l *looking) note(path string) {
	if len(l.Others) < maxLookOthers && !slices.Contains(l.Others, path) {
		l.Others = append(l.Others, path)
	}
}

// take hands the look over, and begins another.
func (l *looking) take() intake.Look {
	look := l.Look
	slices.Sort(look.Others)
	if len(l.last) > 0 {
		look.Samples = map[string][]byte{}
		for kind, raw := range l.last {
			look.Samples[kind] = shapeOf(raw)
		}
	}
	*l = looking{}
	return look
}

// formLook is a form as it stands on a page.
type formLook struct {
	method, action string
	fields         []string
}

// close takes a form that ends for the sign-in form, when it asks for a password.
func (p *page) close(f formLook) {
	if p.form != nil || !slices.Contains(f.fields, passwordName) {
		return
	}
	method := strings.ToUpper(f.method)
	if method == "" {
		method = "GET"
	}
	p.form = []string{method + " " + actionPath(f.action)}
	for _, name := range f.fields {
		if name = plainName(name); name != "" && !slices.Contains(p.form, name) {
			p.form = append(p.form, name)
		}
	}
	slices.Sort(p.form[1:])
}

// actionPath is where a form is sent to, without what may be of one visit alone.
func actionPath(action string) string {
	u, err := url.Parse(action)
	if err != nil {
		return "?"
	}
	path, _, _ := strings.Cut(u.Path, ";")
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if part != "" && plainName(part) == "" {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}

// plainName is a name in a form that looks like one; "" for what may be made up for one visit.
func plainName(name string) string {
	digits := 0
	for _, r := range name {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("_-[]", r):
			return ""
		}
	}
	if len(name) > maxFormPart || digits > 2 {
		return ""
	}
	return name
}
