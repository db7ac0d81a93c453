package wantedly

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"renkei/intake"
)

const (
	// maxMembers and maxElements bound what is looked at of an object and of a list.
	maxMembers  = 500
	maxElements = 200
)

// json is the answer as JSON in UTF-8; a sign-in form in its place is errSignedOut.
func (r *reply) json() ([]byte, error) {
	if looksLikeHTML(r.body) {
		if readPage(r).signInForm {
			return nil, errSignedOut
		}
		return nil, unexpected("%w but HTML", errNotJSON)
	}
	body := bytes.TrimPrefix(inUTF8(r.body, r.contentType), []byte("\ufeff"))
	if !json.Valid(body) {
		return nil, unexpected("%w, or cut off", errNotJSON)
	}
	return body, nil
}

// inUTF8 decodes a body that says that it is in another charset. JSON is UTF-8, and what reads as such, with letters that are not
// ASCII, is not by chance, whatever is said of it.
func inUTF8(body []byte, contentType string) []byte {
	_, label, found := strings.Cut(strings.ToLower(contentType), "charset=")
	label = strings.Trim(label, `"' `)
	if utf8.Valid(body) && slices.ContainsFunc(body, func(b byte) bool { return b >= utf8.RuneSelf }) {
		return body
	}
	if enc, name := charset.Lookup(label); found && enc != nil && name != "utf-8" {
		if decoded, err := enc.NewDecoder().Bytes(body); err == nil {
			return decoded
		}
	}
	return body
}

// invalid is a record that could not be read.
type invalid struct {
	reason intake.InvalidReason
	detail string
	shape  []byte
	noJSON bool // it was not even JSON
}

func (e *invalid) Error() string { return string(e.reason) + ": " + e.detail }

func badShape(format string, args ...any) error {
	return &invalid{reason: intake.InvalidShape, detail: fmt.Sprintf(format, args...)}
}

func badValue(format string, args ...any) error {
	return &invalid{reason: intake.InvalidValue, detail: fmt.Sprintf(format, args...)}
}

// object is a JSON object with the way to it.
type object struct {
	path    string // "", or with a dot at its end
	members map[string]json.RawMessage
}

func parseObject(path string, raw json.RawMessage) (object, error) {
	members, ok := readMembers(raw)
	if !ok {
		return object{}, badShape("%s: %s", strings.TrimSuffix(path, "."), wanted("an object", raw))
	}
	return object{path: path, members: members}, nil
}

func wanted(what string, raw json.RawMessage) string {
	if len(raw) == 0 {
		return "missing"
	}
	return typeName(raw) + ", not " + what
}

// object is a member that must be an object.
func (o object) object(key string) (object, error) {
	return parseObject(o.path+key+".", o.members[key])
}

// text is a member that must be a string.
func (o object) text(key string) (string, error) {
	s, ok := readString(o.members[key])
	if !ok {
		return "", badShape("%s%s: %s", o.path, key, wanted("a string", o.members[key]))
	}
	return s, nil
}

// id is a member that must be an id: a whole number, or a short word.
func (o object) id(key string) (string, error) {
	raw := o.members[key]
	s, ok := readString(raw)
	if !ok {
		if typeName(raw) != typeNumber {
			return "", badShape("%s%s: %s", o.path, key, wanted("an id", raw))
		}
		s = string(raw)
		if _, err := strconv.ParseInt(s, 10, 64); err != nil {
			return "", badValue("%s%s: not a whole number", o.path, key)
		}
	}
	if !isID(s) {
		return "", badValue("%s%s: not an id", o.path, key)
	}
	return s, nil
}

func isID(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// optionalID is a member that may be an id; "" when it is none.
func (o object) optionalID(key string) string {
	id, err := o.id(key)
	if err != nil {
		return ""
	}
	return id
}

// optional is a member that may be a string with something in it.
func (o object) optional(key string) *string {
	s, ok := readString(o.members[key])
	if !ok {
		return nil
	}
	if s = clean(s, maxText); strings.TrimSpace(s) == "" {
		return nil
	}
	return &s
}

// list is the objects of a member that may be a list.
func (o object) list(key string) []object {
	elements, _ := readElements(o.members[key], maxElements)
	list := make([]object, 0, len(elements))
	for _, raw := range elements {
		if members, ok := readMembers(raw); ok {
			list = append(list, object{members: members})
		}
	}
	return list
}

func readString(raw json.RawMessage) (string, bool) {
	var s *string
	if len(raw) == 0 || json.Unmarshal(raw, &s) != nil || s == nil {
		return "", false
	}
	return *s, true
}

// readMembers reads an object one level deep, so that a large one costs little.
func readMembers(raw json.RawMessage) (map[string]json.RawMessage, bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, false
	}
	members := map[string]json.RawMessage{}
	var copied json.RawMessage
	for d.More() && len(members) < maxMembers {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok || d.Decode(&copied) != nil {
			return nil, false
		}
		members[name] = lastValue(raw, d, copied)
	}
	return members, true
}

// lastValue is what was decoded last, where it stands in raw: a copy for each level of a large answer would add up.
func lastValue(raw json.RawMessage, d *json.Decoder, copied json.RawMessage) json.RawMessage {
	end := d.InputOffset()
	return raw[end-int64(len(copied)) : end : end]
}

// readElements reads the first elements of a list.
func readElements(raw json.RawMessage, most int) ([]json.RawMessage, bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return nil, false
	}
	var elements []json.RawMessage
	var copied json.RawMessage
	for d.More() && len(elements) < most {
		if d.Decode(&copied) != nil {
			return nil, false
		}
		elements = append(elements, lastValue(raw, d, copied))
	}
	return elements, true
}

const typeNumber = "number"

// typeName is the type of a JSON value; "" of nothing.
func typeName(raw json.RawMessage) string {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return typeNumber
}
