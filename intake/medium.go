package intake

import (
	"slices"
	"time"
)

// Medium is a 求人媒体: a site on which people apply.
type Medium string

// The media. Whether an account of one can be linked is a matter of whether there is a Source for it.
const (
	// MediumWantedly is https://www.wantedly.com.
	MediumWantedly       Medium = "WANTEDLY"
	MediumRikunabiNext   Medium = "RIKUNABI_NEXT"
	MediumDoda           Medium = "DODA"
	MediumGreen          Medium = "GREEN"
	MediumEnTenshoku     Medium = "EN_TENSHOKU"
	MediumMynaviTenshoku Medium = "MYNAVI_TENSHOKU"
	MediumBizReach       Medium = "BIZREACH"
	MediumOther          Medium = "OTHER"
)

// media are all of them, in the order in which people see them.
var media = []Medium{
	MediumWantedly, MediumRikunabiNext, MediumDoda, MediumGreen, MediumEnTenshoku, MediumMynaviTenshoku, MediumBizReach, MediumOther,
}

// AllMedia are all of them, in the order in which people see them.
func AllMedia() []Medium { return slices.Clone(media) }

// Name is what people call it.
func (m Medium) Name() Text {
	switch m {
	case MediumWantedly:
		return Text{"Wantedly", "Wantedly"}
	case MediumRikunabiNext:
		return Text{"リクナビNEXT", "Rikunabi NEXT"}
	case MediumDoda:
		return Text{"doda", "doda"}
	case MediumGreen:
		return Text{"Green", "Green"}
	case MediumEnTenshoku:
		return Text{"エン転職", "en Tenshoku"}
	case MediumMynaviTenshoku:
		return Text{"マイナビ転職", "Mynavi Tenshoku"}
	case MediumBizReach:
		return Text{"ビズリーチ", "BizReach"}
	case MediumOther:
	}
	return Text{"その他", "Other"}
}

// MediumCapability is what the link to a medium can do.
type MediumCapability struct {
	Medium              Medium
	Name                Text
	Linkable            bool
	ImportInterval      time.Duration
	ImportedFields      []string
	NeverImportedFields []string
}

// Media lists the media, those first that an account can be linked to. Applicants of all of them come in by file too.
func (s *Service) Media() []MediumCapability {
	var linkable, others []MediumCapability
	for _, m := range media {
		if _, known := s.sources[m]; !known {
			others = append(others, MediumCapability{
				Medium: m, Name: m.Name(),
				ImportedFields: []string{
					"name", "email", "phone", "location", "currentPosition", "introduction",
					"workHistories", "educations", "skills", "profileUrl", "positionName", "appliedAt", "externalUrl",
				},
				NeverImportedFields: []string{"messages", "comments", "selection"},
			})
			continue
		}
		linkable = append(linkable, MediumCapability{
			Medium: m, Name: m.Name(), Linkable: true, ImportInterval: s.settings.ImportInterval,
			ImportedFields: []string{
				"name", "location", "currentPosition", "tagline", "introduction", "aspiration",
				"workHistories", "educations", "skills", "links", "kind", "positionName", "appliedAt", "externalUrl",
			},
			NeverImportedFields: []string{"email", "age", "messages", "comments", "changesAfterImport"},
		})
	}
	return append(linkable, others...)
}
