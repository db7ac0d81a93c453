package wantedly

import (
	"strings"

	"renkei/intake"
)

// parsePerson reads a profile; its error is an *invalid. Everything but the name may be missing.
func parsePerson(body []byte, id string) (intake.SourcePerson, error) {
	p, err := readPerson(body, id)
	return p, withShape(err, body)
}

func readPerson(body []byte, id string) (intake.SourcePerson, error) {
	root, err := parseObject("", body)
	if err != nil {
		return intake.SourcePerson{}, err
	}
	user, err := root.object("user")
	if err != nil {
		return intake.SourcePerson{}, err
	}
	name, err := user.text("name")
	if err != nil {
		return intake.SourcePerson{}, err
	}
	if name, err = user.bounded("name", name, maxName); err != nil {
		return intake.SourcePerson{}, err
	}
	if onlyEmail(name) {
		return intake.SourcePerson{}, badValue("user.name: nothing but an e-mail address")
	}
	return intake.SourcePerson{
		ExternalID:      id,
		Name:            strings.TrimSpace(name),
		Location:        root.optional("location"),
		CurrentPosition: root.optional("current_position"),
		Tagline:         root.optional("tagline"),
		Introduction:    root.optional("introduction"),
		Aspiration:      root.optional("statement"),
		ProfileURL:      user.link("url"),
		WorkHistories:   workHistories(root),
		Educations:      educations(root),
		Skills:          skills(root),
		Links:           links(root),
	}, nil
}

func (o object) link(key string) *string {
	s, _ := readString(o.members[key])
	if s = webLink(s); s == "" {
		return nil
	}
	return &s
}

func workHistories(o object) []intake.WorkHistory {
	var list []intake.WorkHistory
	for _, w := range o.list("working_histories") {
		h := intake.WorkHistory{
			CompanyName: w.optional("company_name"), Position: w.optional("position"),
			Description: w.optional("description"),
			StartedOn:   w.optional("started_on"), EndedOn: w.optional("ended_on"),
		}
		if h != (intake.WorkHistory{}) {
			list = append(list, h)
		}
	}
	return list
}

func educations(o object) []intake.Education {
	var list []intake.Education
	for _, a := range o.list("academic_records") {
		e := intake.Education{
			SchoolName: a.optional("school_name"), Major: a.optional("major"),
			Description: a.optional("description"), GraduatedOn: a.optional("graduated_on"),
		}
		if e != (intake.Education{}) {
			list = append(list, e)
		}
	}
	return list
}

func skills(o object) []string {
	var list []string
	for _, tagging := range o.list("skill_taggings") {
		tag, err := tagging.object("tag")
		if err != nil {
			continue
		}
		if name := tag.optional("name"); name != nil {
			list = append(list, clean(*name, maxName))
		}
	}
	return list
}

func links(o object) []intake.Link {
	var list []intake.Link
	for _, item := range o.list("portfolio_items") {
		if u := item.link("url"); u != nil {
			list = append(list, intake.Link{Title: item.optional("title"), URL: *u})
		}
	}
	return list
}
