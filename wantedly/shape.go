package wantedly

import (
	"encoding/json"
	"maps"
	"slices"
)

const (
	maxShapeDepth = 6
	maxShapeKeys  = 60
	// maxShapeSize is how many values a shape shows in all.
	maxShapeSize = 400
	maxKeyLength = 40
)

// shapeOf is raw with the name of its type in the place of each value, as JSON. Of a list it shows
// the first element. A key that does not look like one may be a value: it becomes "?".
func shapeOf(raw []byte) []byte {
	if !json.Valid(raw) {
		return []byte(`"not JSON"`)
	}
	left := maxShapeSize
	// Maps, slices and strings always encode.
	b, _ := json.Marshal(shape(raw, maxShapeDepth, &left))
	return b
}

// shapeOfForm is what the sign-in form is sent to and the names of its fields, as JSON.
func shapeOfForm(form []string) []byte {
	// Strings always encode.
	b, _ := json.Marshal(map[string][]string{"signIn": form})
	return b
}

func shape(raw json.RawMessage, depth int, left *int) any {
	*left--
	kind := typeName(raw)
	if depth == 0 || *left <= 0 {
		return kind
	}
	switch kind {
	case "object":
		members, _ := readMembers(raw)
		out := map[string]any{}
		for i, key := range slices.Sorted(maps.Keys(members)) {
			if i >= maxShapeKeys || *left <= 0 {
				out["…"] = "more"
				break
			}
			out[safeKey(key)] = shape(members[key], depth-1, left)
		}
		return out
	case "array":
		elements, _ := readElements(raw, 1)
		if len(elements) == 0 {
			return []any{}
		}
		return []any{shape(elements[0], depth-1, left)}
	}
	return kind
}

func safeKey(key string) string {
	if len(key) > maxKeyLength || key == "" {
		return "?"
	}
	for _, r := range key {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
			return "?"
		}
	}
	return key
}
