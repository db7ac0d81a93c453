package judge

import (
	"context"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
)

// Profile is what a client was told of the person behind a ticket. It is compared with what the medium tells: much of it is
// sealed in its row.
type Profile struct {
	Domain string `json:"-"`
	Number int    `json:"-"`

	Location, CurrentPosition, Tagline, Introduction, Aspiration string
	WorkHistories                                                []Work
	Educations                                                   []School
	Skills                                                       []string
	Links                                                        []Site
}

// Work is a line of somebody's past.
type Work struct{ CompanyName, Position, Description, StartedOn, EndedOn string }

// School is another.
type School struct{ SchoolName, Major, Description, GraduatedOn string }

// Site is what somebody shows elsewhere.
type Site struct{ Title, URL string }

// told is a profile as the medium words it. What is null or absent there is empty here.
type told struct {
	Location         string `json:"location"`
	CurrentPosition  string `json:"current_position"`
	Tagline          string `json:"tagline"`
	Introduction     string `json:"introduction"`
	Statement        string `json:"statement"`
	WorkingHistories []struct {
		CompanyName string `json:"company_name"`
		Position    string `json:"position"`
		Description string `json:"description"`
		StartedOn   string `json:"started_on"`
		EndedOn     string `json:"ended_on"`
	} `json:"working_histories"`
	AcademicRecords []struct {
		SchoolName  string `json:"school_name"`
		Major       string `json:"major"`
		Description string `json:"description"`
		GraduatedOn string `json:"graduated_on"`
	} `json:"academic_records"`
	SkillTaggings []struct {
		Tag struct {
			Name string `json:"name"`
		} `json:"tag"`
	} `json:"skill_taggings"`
	PortfolioItems []struct {
		Title string `json:"title"`
		URL   string `json:"url"`
	} `json:"portfolio_items"`
}

// profile is what may come of it: addresses of the web alone, not those of mail.
func (t told) profile() Profile {
	p := Profile{Location: t.Location, CurrentPosition: t.CurrentPosition, Tagline: t.Tagline, Introduction: t.Introduction, Aspiration: t.Statement}
	for _, w := range t.WorkingHistories {
		p.WorkHistories = append(p.WorkHistories, Work{w.CompanyName, w.Position, w.Description, w.StartedOn, w.EndedOn})
	}
	for _, a := range t.AcademicRecords {
		p.Educations = append(p.Educations, School{a.SchoolName, a.Major, a.Description, a.GraduatedOn})
	}
	for _, s := range t.SkillTaggings {
		p.Skills = append(p.Skills, s.Tag.Name)
	}
	for _, i := range t.PortfolioItems {
		if strings.HasPrefix(i.URL, "https://") {
			p.Links = append(p.Links, Site{i.Title, i.URL})
		}
	}
	return p
}

// otherProfiles is the part of I1 that is about what people tell of themselves.
func otherProfiles(ctx context.Context, c Case, f *Finding) error {
	for _, got := range c.Profiles {
		var t told
		query := url.Values{"domain": {got.Domain}, "number": {strconv.Itoa(got.Number)}}
		if err := c.ask(ctx, "/_control/profile", query, &t); err != nil {
			return fmt.Errorf("read the medium's profiles: %w", err)
		}
		want, ours := reflect.ValueOf(t.profile()), reflect.ValueOf(got)
		for i := range want.NumField() {
			name := want.Type().Field(i).Name
			if name == "Domain" || name == "Number" {
				continue
			}
			f.Checked++
			if fmt.Sprintf("%q", want.Field(i)) != fmt.Sprintf("%q", ours.Field(i)) {
				f.complain("%s: %s of application %d is not as the medium has it", got.Domain, name, got.Number)
			}
		}
	}
	return nil
}
