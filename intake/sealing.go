package intake

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// What the vault knows a candidate's sealed part and an application's notes by.
const (
	profileField = "profile"
	noteField    = "note"
)

// sealBatch is how many old rows are sealed in one statement.
const sealBatch = 200

// sealedProfile is what of a candidate is never stored in plain: how to reach them, and what they wrote of
// themselves. What people are searched by is not in it.
type sealedProfile struct {
	Location     *string `json:"location,omitempty"`
	Tagline      *string `json:"tagline,omitempty"`
	Introduction *string `json:"introduction,omitempty"`
	Aspiration   *string `json:"aspiration,omitempty"`
	Email        *string `json:"email,omitempty"`
	Phone        *string `json:"phone,omitempty"`
	Note         *string `json:"note,omitempty"`
	ProfileURL   *string `json:"profileUrl,omitempty"`
	Links        []Link  `json:"links,omitempty"`
	// The descriptions stand in the order of the lists that they are of.
	Works      []*string `json:"works,omitempty"`
	Educations []*string `json:"educations,omitempty"`
}

// profile is a candidate as stored: lists that can be searched, as JSON, and the rest sealed.
type profile struct {
	workHistories, educations, skills string
	sealed                            []byte
}

// sealProfile divides a candidate.
func (v *Vault) sealProfile(companyID uuid.UUID, c Candidate) (profile, error) {
	private := sealedProfile{
		Location: filled(c.Location), Tagline: filled(c.Tagline), Introduction: filled(c.Introduction),
		Aspiration: filled(c.Aspiration), Email: filled(c.Email), Phone: filled(c.Phone), Note: filled(c.Note), ProfileURL: filled(c.ProfileURL), Links: c.Links,
	}
	works, educations := slices.Clone(c.WorkHistories), slices.Clone(c.Educations)
	for i := range works {
		private.Works = append(private.Works, works[i].Description)
		works[i].Description = nil
	}
	for i := range educations {
		private.Educations = append(private.Educations, educations[i].Description)
		educations[i].Description = nil
	}
	var encoded [4][]byte
	for i, part := range []any{orNone(works), orNone(educations), orNone(c.Skills), private} {
		var err error
		if encoded[i], err = json.Marshal(part); err != nil {
			return profile{}, fmt.Errorf("encode candidate: %w", err)
		}
	}
	sealed, err := v.Seal(NewSecret(string(encoded[3])), companyID, c.ID, profileField)
	return profile{string(encoded[0]), string(encoded[1]), string(encoded[2]), sealed}, err
}

// lost reports whether something was sealed under a key that nobody has any more and that was given up: what is
// left beside it is shown, and the operator is told.
func (s *Service) lost(sealed []byte) bool {
	// Tink writes 1 and the key's id before what the key sealed.
	if len(sealed) <= 5 || sealed[0] != 1 {
		return false
	}
	key := KeyID(binary.BigEndian.Uint32(sealed[1:5]))
	if !s.vault.lost(key) {
		return false
	}
	s.log.Error().Stringer("key", key).Msg("something is sealed under a key that is lost")
	return true
}

// openProfile gives a candidate back what was sealed of them.
func (v *Vault) openProfile(companyID uuid.UUID, sealed []byte, c *Candidate) error {
	opened, err := v.Open(sealed, companyID, c.ID, profileField)
	if err != nil {
		return fmt.Errorf("candidate %s: %w", c.ID, err)
	}
	var private sealedProfile
	if err := json.Unmarshal([]byte(opened.Reveal()), &private); err != nil {
		return fmt.Errorf("decode candidate %s: %w", c.ID, err)
	}
	c.Location, c.Tagline, c.Introduction, c.Aspiration = private.Location, private.Tagline, private.Introduction, private.Aspiration
	c.Email, c.Phone, c.Note, c.ProfileURL, c.Links = private.Email, private.Phone, private.Note, private.ProfileURL, orNone(private.Links)
	for i, text := range private.Works[:min(len(private.Works), len(c.WorkHistories))] {
		c.WorkHistories[i].Description = text
	}
	for i, text := range private.Educations[:min(len(private.Educations), len(c.Educations))] {
		c.Educations[i].Description = text
	}
	return nil
}

// filled is nil for what says nothing.
func filled(s *string) *string {
	if s == nil || *s == "" {
		return nil
	}
	return s
}

// sealNote seals what is noted on an application. Its line has no number yet: the note is the application's.
func (v *Vault) sealNote(companyID, applicationID uuid.UUID, note *string) ([]byte, error) {
	if note == nil {
		return nil, nil
	}
	return v.Seal(NewSecret(*note), companyID, applicationID, noteField)
}

// openNote reads a line's note, also one that an older version stored in plain.
func (v *Vault) openNote(r dbgen.SelectionEvent) (*string, error) {
	if r.SealedNote == nil {
		return r.Note, nil
	}
	opened, err := v.Open(r.SealedNote, r.CompanyID, r.ApplicationID, noteField)
	if err != nil {
		return nil, fmt.Errorf("note of application %s: %w", r.ApplicationID, err)
	}
	note := opened.Reveal()
	return &note, nil
}

// SealStored seals what versions before sealing stored in plain, a batch at a time, and reports how many
// rows it was. It may be stopped anywhere, and called by any number of processes. A company whose rows
// cannot be sealed holds up no other.
func (s *Service) SealStored(ctx context.Context) (int, error) {
	companies, err := s.across().CompaniesToSeal(ctx)
	if err != nil {
		return 0, fmt.Errorf("look for what is to be sealed: %w", err)
	}
	total := 0
	var errs []error
	for _, id := range companies {
		for _, seal := range []func(context.Context, uuid.UUID) (int, error){s.sealCandidates, s.sealNotes} {
			n, err := untilDone(ctx, id, seal)
			total += n
			errs = append(errs, err)
		}
	}
	return total, errors.Join(errs...)
}

// untilDone repeats what works one batch of a company until there is nothing left.
func untilDone(ctx context.Context, companyID uuid.UUID, batch func(context.Context, uuid.UUID) (int, error)) (int, error) {
	total := 0
	for {
		n, err := batch(ctx, companyID)
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}

func (s *Service) sealCandidates(ctx context.Context, companyID uuid.UUID) (int, error) {
	rows, err := s.of(companyID).CandidatesToSeal(ctx, dbgen.CandidatesToSealParams{CompanyID: companyID, MaxRows: sealBatch})
	if err != nil {
		return 0, fmt.Errorf("read candidates to seal: %w", err)
	}
	if len(rows) == 0 {
		return 0, nil
	}
	key, err := s.indexKey(ctx, companyID)
	if err != nil {
		return 0, err
	}
	p := dbgen.SealCandidatesParams{CompanyID: companyID}
	for _, r := range rows {
		c, err := s.candidate(r.Candidate)
		if err != nil {
			return 0, err
		}
		sealed, err := s.vault.sealProfile(companyID, c)
		if err != nil {
			return 0, err
		}
		var index []byte
		if email := filled(c.Email); email != nil {
			index = key.email(*email)
		}
		p.Ids = append(p.Ids, c.ID)
		p.Versions = append(p.Versions, r.Version)
		p.Sealed = append(p.Sealed, sealed.sealed)
		p.EmailIndexes = append(p.EmailIndexes, index)
		p.WorkHistories = append(p.WorkHistories, sealed.workHistories)
		p.Educations = append(p.Educations, sealed.educations)
	}
	n, err := s.of(companyID).SealCandidates(ctx, p)
	return int(n), wrap("seal candidates", err)
}

func (s *Service) sealNotes(ctx context.Context, companyID uuid.UUID) (int, error) {
	rows, err := s.of(companyID).NotesToSeal(ctx, dbgen.NotesToSealParams{CompanyID: companyID, MaxRows: sealBatch})
	if err != nil {
		return 0, fmt.Errorf("read notes to seal: %w", err)
	}
	p := dbgen.SealNotesParams{CompanyID: companyID}
	for _, r := range rows {
		sealed, err := s.vault.sealNote(companyID, r.ApplicationID, &r.Note)
		if err != nil {
			return 0, err
		}
		p.ApplicationIds = append(p.ApplicationIds, r.ApplicationID)
		p.Ns = append(p.Ns, r.N)
		p.Sealed = append(p.Sealed, sealed)
	}
	n, err := s.of(companyID).SealNotes(ctx, p)
	return int(n), wrap("seal notes", err)
}
