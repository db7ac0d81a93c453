package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// badForm says which sentence of the spec is not kept.
func badForm(why string) error { return fmt.Errorf("%w: %s", errBadForm, why) }

// readForm reads what is asked for, and leaves the files to takeFiles.
func readForm(w http.ResponseWriter, r *http.Request, folder string) (*graphql.RawParams, *upload, error) {
	_, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	boundary := parameters["boundary"]
	if err != nil || boundary == "" || len(boundary) > 70 {
		return nil, nil, badForm("it has a boundary")
	}
	if r.ContentLength > bodyLimit+maxFiles*(fileLimit+partRoom)+2*partRoom {
		return nil, nil, errFileTooLarge
	}
	body := &paced{from: r.Body, control: http.NewResponseController(w), header: w.Header(), began: time.Now()}
	u := &upload{body: body, form: multipart.NewReader(body, boundary), end: "--" + boundary + "--", folder: folder, files: make(map[string]*spooled)}
	body.allow(bodyLimit + 2*partRoom)
	operations, err := u.read("operations", bodyLimit)
	if err != nil {
		return nil, nil, err
	}
	params, err := decodeRequest(operations)
	if err != nil {
		return nil, nil, err
	}
	places, err := u.read("map", bodyLimit-len(operations))
	if err != nil {
		return nil, nil, err
	}
	if err := u.place(params, places); err != nil {
		return nil, nil, err
	}
	return params, u, nil
}

// read reads the next part, which must be of this name.
func (u *upload) read(name string, most int) ([]byte, error) {
	part, err := u.form.NextPart()
	if err != nil {
		return nil, formError(err)
	}
	if part.FormName() != name {
		return nil, badForm("`" + name + "` is missing, or not where it belongs")
	}
	raw, err := io.ReadAll(io.LimitReader(part, int64(most)+1))
	if err != nil {
		return nil, formError(err)
	}
	if len(raw) > most {
		return nil, &http.MaxBytesError{Limit: bodyLimit}
	}
	return raw, nil
}

// formError says what is wrong with a body that could not be read, without anything of it.
func formError(err error) error {
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case tooLarge, errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	}
	return errBadForm
}

// place reads the map, and puts into the variables what waits for the files.
func (u *upload) place(params *graphql.RawParams, raw []byte) error {
	places, err := decodeMap(raw)
	if err != nil {
		return err
	}
	taken := make(map[string]bool)
	for _, p := range places {
		if u.files[p.part] != nil || p.part == "" || p.part == "operations" || p.part == "map" {
			return badForm("`map` names each file once")
		}
		if len(u.files) == maxFiles || len(p.paths) != 1 {
			return badForm(fmt.Sprintf("at most %d file comes, into one place", maxFiles))
		}
		f := &spooled{places: len(p.paths)}
		u.files[p.part] = f
		for _, path := range p.paths {
			if taken[path] || !put(params.Variables, strings.Split(path, "."), waiting{f}) {
				return badForm("`map` leads to a variable that is null, such as `variables.file`")
			}
			taken[path] = true
		}
	}
	if len(u.files) == 0 {
		return badForm("`map` names a file")
	}
	return nil
}

// mapped is where a file belongs.
type mapped struct {
	part  string
	paths []string
}

// decodeMap reads an object of lists of strings, and nothing else.
func decodeMap(raw []byte) ([]mapped, error) {
	bad := badForm("`map` is an object of lists of paths")
	if !utf8.Valid(raw) {
		return nil, bad
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') {
		return nil, bad
	}
	var places []mapped
	for d.More() {
		name, err := d.Token()
		part, is := name.(string)
		if err != nil || !is {
			return nil, bad
		}
		m := mapped{part: part}
		if err := d.Decode(&m.paths); err != nil {
			return nil, bad
		}
		places = append(places, m)
	}
	if _, err := d.Token(); err != nil {
		return nil, bad
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, bad
	}
	return places, nil
}

// put sets what a path leads to, where that is null.
func put(variables map[string]any, path []string, value any) bool {
	if len(path) < 2 || path[0] != "variables" {
		return false
	}
	var at any = variables
	for _, step := range path[1 : len(path)-1] {
		at = child(at, step)
	}
	last := path[len(path)-1]
	switch at := at.(type) {
	case map[string]any:
		if there, known := at[last]; known && there == nil {
			at[last] = value
			return true
		}
	case []any:
		if n, err := strconv.Atoi(last); err == nil && n >= 0 && n < len(at) && at[n] == nil {
			at[n] = value
			return true
		}
	}
	return false
}

func child(at any, step string) any {
	switch at := at.(type) {
	case map[string]any:
		return at[step]
	case []any:
		if n, err := strconv.Atoi(step); err == nil && n >= 0 && n < len(at) {
			return at[n]
		}
	}
	return nil
}
