package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"renkei/intake"
)

// Uploads are version 2 of the GraphQL multipart request spec, in the order that it asks for: operations, map,
// files. gqlgen v0.17.98 takes them too, but reads a file before it knows whether anybody may send one, holds
// megabytes of it in memory, panics at a path that leads nowhere, and asks for no header by which a form of
// another site is told apart. Ours goes when gqlgen's does better.
const (
	kindForm = "multipart/form-data"
	// maxFiles is how many an operation takes, fileLimit how long one may be.
	maxFiles  = 1
	fileLimit = 64 << 20
	// partRoom is for a part's headers and for what is read ahead.
	partRoom = 16 << 10
	// uploadPace is how many bytes a second come at least once bodyWithin is over; uploadWithin bounds it all.
	uploadPace   = 64 << 10
	uploadWithin = 3 * time.Minute
	// uploadsAtOnce bounds the uploads of a process.
	uploadsAtOnce = 8
)

// preflightHeaders are those of which an upload has one. A browser asks us before it sends such a request for a
// page of another site.
var preflightHeaders = []string{"GraphQL-Require-Preflight", "Apollo-Require-Preflight"}

var (
	errNoPreflight     = errors.New("an upload needs a header `GraphQL-Require-Preflight: 1`, so that no form of another site can send one")
	errBadForm         = errors.New("an upload is multipart/form-data with the parts `operations`, `map` and one for each file, in this order, as the GraphQL multipart request spec has it")
	errFileTooLarge    = fmt.Errorf("a file has at most %d MB", fileLimit>>20)
	errUploadElsewhere = errors.New("a file comes by POST multipart/form-data alone, as the GraphQL multipart request spec has it")
	errNoFileTaken     = errors.New("this operation takes no file where one is sent")
	errTooManyUploads  = errors.New("one upload at a time: wait for the other to end")
	errUploadsAreTaken = errors.New("too many uploads at once: try again in a while")
)

// badForm says which sentence of the spec is not kept.
func badForm(why string) error { return fmt.Errorf("%w: %s", errBadForm, why) }

// isForm reports whether a request is an upload, well made or not.
func isForm(r *http.Request) bool {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	return r.Method == http.MethodPost && strings.EqualFold(strings.TrimSpace(kind), kindForm)
}

// serveUpload answers an upload. Nothing of it is read before it is known who sends it.
func (e *endpoint) serveUpload(w http.ResponseWriter, r *http.Request, kind string) {
	readNoFurther(w, r)
	if !slices.ContainsFunc(preflightHeaders, func(name string) bool { return r.Header.Get(name) != "" }) {
		refuseRequest(w, r, errNoPreflight)
		return
	}
	if kind == kindEvents {
		refuseRequest(w, r, errAccept)
		return
	}
	if !known(actor(r.Context())) {
		respond(w, kind, strangersAnswer())
		return
	}
	over, err := e.uploads.take(actor(r.Context()).Member.ID)
	if err != nil {
		refuseRequest(w, r, err)
		return
	}
	defer over()
	params, u, err := readForm(w, r, e.folder)
	if err != nil {
		refuseRequest(w, r, err)
		return
	}
	defer u.close()
	e.answer(w, r.WithContext(context.WithValue(r.Context(), uploadKey{}, u)), kind, params)
}

// readNoFurther lets a refusal of an upload go out without waiting for what it does not want.
func readNoFurther(w http.ResponseWriter, r *http.Request) {
	if isForm(r) {
		w.Header().Set("Connection", "close")
	}
}

// upload is an operation that comes with files, of which none has been read yet.
type upload struct {
	body  *paced
	form  *multipart.Reader
	end   string
	files map[string]*spooled
	// folder is where files lie meanwhile.
	folder string
	// err says why a file was not taken.
	err error
}

// spooled is a file that is to come.
type spooled struct {
	places int
	file   *os.File
	// named says that the file could not be taken out of its folder while it is open.
	named  bool
	upload graphql.Upload
}

// waiting stands among the variables where a file is to come.
type waiting struct{ *spooled }

type uploadKey struct{}

func uploadOf(ctx context.Context) *upload {
	u, _ := ctx.Value(uploadKey{}).(*upload)
	return u
}

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

// takeFiles is the last to look at an operation before it is executed: whoever may not send a file is refused here,
// and whoever may has theirs read now, into a file without a name.
func takeFiles(schema *ast.Schema) graphql.OperationMiddleware {
	takers := typesWithFiles(schema)
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		oc, u := graphql.GetOperationContext(ctx), uploadOf(ctx)
		taken := false
		for _, f := range rootFields(oc.Operation.SelectionSet, make(map[string]bool)) {
			if !takesFile(takers, f) {
				continue
			}
			taken = true
			if !actor(ctx).Holds(rolesOf(f)...) {
				return graphql.OneShot(errorResponse(codeForbidden, "your roles do not allow this"))
			}
		}
		if u == nil {
			return next(ctx)
		}
		if !taken || count(oc.Variables) != u.places() {
			u.err = errNoFileTaken
		} else {
			u.err = u.spool()
		}
		if u.err != nil {
			// The endpoint says what.
			return graphql.OneShot(errorResponse(codeBadUserInput, errBadForm.Error()))
		}
		for name, value := range oc.Variables {
			oc.Variables[name] = arrived(value)
		}
		return next(ctx)
	}
}

// typesWithFiles are the input types that hold a file somewhere.
func typesWithFiles(schema *ast.Schema) map[string]bool {
	holds := map[string]bool{typeUpload: true}
	for grown := true; grown; {
		grown = false
		for name, definition := range schema.Types {
			for _, f := range definition.Fields {
				if definition.Kind == ast.InputObject && holds[f.Type.Name()] && !holds[name] {
					holds[name], grown = true, true
				}
			}
		}
	}
	return holds
}

const typeUpload = "Upload"

func takesFile(takers map[string]bool, f *ast.Field) bool {
	for _, a := range f.Definition.Arguments {
		if takers[a.Type.Name()] {
			return true
		}
	}
	return false
}

func rootFields(selection ast.SelectionSet, seen map[string]bool) []*ast.Field {
	var fields []*ast.Field
	for _, s := range selection {
		switch s := s.(type) {
		case *ast.Field:
			if s.Definition != nil {
				fields = append(fields, s)
			}
		case *ast.InlineFragment:
			fields = append(fields, rootFields(s.SelectionSet, seen)...)
		case *ast.FragmentSpread:
			if !seen[s.Name] {
				seen[s.Name] = true
				fields = append(fields, rootFields(s.Definition.SelectionSet, seen)...)
			}
		}
	}
	return fields
}

// rolesOf are the roles of which @hasRole asks for one.
func rolesOf(f *ast.Field) []intake.Role {
	var roles []intake.Role
	if d := f.Definition.Directives.ForName("hasRole"); d != nil {
		for _, role := range d.Arguments.ForName("any").Value.Children {
			roles = append(roles, intake.Role(role.Value.Raw))
		}
	}
	return roles
}

// places is how often a file is to stand among the variables.
func (u *upload) places() int {
	n := 0
	for _, f := range u.files {
		n += f.places
	}
	return n
}

// count counts the places where a file is waited for.
func count(value any) int {
	n := 0
	switch value := value.(type) {
	case waiting:
		return 1
	case []any:
		for _, one := range value {
			n += count(one)
		}
	case map[string]any:
		for _, one := range value {
			n += count(one)
		}
	}
	return n
}

// arrived puts the files where they were waited for.
func arrived(value any) any {
	switch value := value.(type) {
	case waiting:
		return value.upload
	case []any:
		for i, one := range value {
			value[i] = arrived(one)
		}
	case map[string]any:
		for name, one := range value {
			value[name] = arrived(one)
		}
	}
	return value
}

// spool reads the files, to the end of the request.
func (u *upload) spool() error {
	for {
		u.body.allow(partRoom)
		part, err := u.form.NextPart()
		if errors.Is(err, io.EOF) {
			return u.finish(errors.Unwrap(err) == nil)
		}
		if err != nil {
			return formError(err)
		}
		f := u.files[part.FormName()]
		if f == nil || f.file != nil {
			return badForm("each file of `map` comes once, and nothing else")
		}
		if err := u.keep(f, part); err != nil {
			return err
		}
	}
}

// finish makes sure that all has come, and nothing more. closed says that the last boundary was seen.
func (u *upload) finish(closed bool) error {
	if !closed {
		return io.ErrUnexpectedEOF
	}
	u.body.allow(partRoom)
	if _, err := io.Copy(io.Discard, u.body); err != nil && !errors.As(err, new(*http.MaxBytesError)) {
		return formError(err)
	}
	if !strings.HasSuffix(strings.TrimRight(string(u.body.tail), " \t\r\n"), u.end) {
		return badForm("nothing comes behind the last boundary")
	}
	for _, f := range u.files {
		if f.file == nil {
			return badForm("a file of `map` is missing")
		}
	}
	u.body.relax()
	return nil
}

// keep writes a file down.
func (u *upload) keep(f *spooled, part *multipart.Part) error {
	file, err := os.CreateTemp(u.folder, "renkei-upload-*")
	if err != nil {
		return fmt.Errorf("spool file: %w", err)
	}
	f.file = file
	// Where the system allows it, the file has no name from here on and is gone with the process.
	f.named = os.Remove(file.Name()) != nil
	u.body.allow(fileLimit + partRoom)
	size, err := io.Copy(file, io.LimitReader(part, fileLimit+1))
	if _, ours := errors.AsType[*fs.PathError](err); ours {
		return fmt.Errorf("spool file: %w", err)
	}
	if err != nil {
		return formError(err)
	}
	if size > fileLimit {
		return errFileTooLarge
	}
	f.upload = graphql.Upload{File: io.NewSectionReader(file, 0, size), Size: size, Filename: part.FileName()}
	return nil
}

// close leaves nothing behind.
func (u *upload) close() {
	for _, f := range u.files {
		if f.file != nil {
			_ = f.file.Close()
			if f.named {
				// Not otherwise: the name may be another's by now.
				_ = os.Remove(f.file.Name())
			}
		}
	}
}

// paced is a body that must come at a pace, and of which only so much is read.
type paced struct {
	from    io.Reader
	control *http.ResponseController
	// header is the answer's.
	header http.Header
	began  time.Time
	got    int64
	left   int64
	// tail is the end of what was read.
	tail []byte
}

// tailLength is enough for the longest last boundary and some white space.
const tailLength = 128

func (p *paced) allow(bytes int64) { p.left = bytes }

// Read implements io.Reader.
func (p *paced) Read(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, &http.MaxBytesError{Limit: bodyLimit}
	}
	within := min(bodyWithin+time.Duration(p.got)*time.Second/uploadPace, uploadWithin)
	// Not every connection has deadlines; the server has its own time besides.
	_ = p.control.SetReadDeadline(p.began.Add(within))
	n, err := p.from.Read(b[:min(int64(len(b)), p.left)])
	p.got, p.left = p.got+int64(n), p.left-int64(n)
	p.tail = append(p.tail, b[max(0, n-tailLength):n]...)
	p.tail = p.tail[max(0, len(p.tail)-tailLength):]
	return n, err
}

// relax gives the answer to what has come as much time as any has.
func (p *paced) relax() {
	p.header.Del("Connection")
	_ = p.control.SetReadDeadline(time.Time{})
	_ = p.control.SetWriteDeadline(time.Now().Add(answerWithin + time.Minute))
}
