package intake

import (
	"maps"
	"slices"
	"time"
)

// MediumCapability is what the link to a medium can do.
type MediumCapability struct {
	Medium              Medium
	Name                Text
	ImportInterval      time.Duration
	ImportedFields      []string
	NeverImportedFields []string
}

// Media lists the media that this program can link to.
func (s *Service) Media() []MediumCapability {
	var media []MediumCapability
	for _, m := range slices.Sorted(maps.Keys(s.sources)) {
		media = append(media, MediumCapability{
			Medium: m, Name: Text{"Wantedly", "Wantedly"}, ImportInterval: s.settings.ImportInterval,
			ImportedFields: []string{
				"name", "location", "currentPosition", "tagline", "introduction", "aspiration",
				"workHistories", "educations", "skills", "links", "kind", "positionName", "appliedAt", "externalUrl",
			},
			NeverImportedFields: []string{"email", "age", "messages", "comments", "changesAfterImport"},
		})
	}
	return media
}
