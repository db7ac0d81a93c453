package graph

import (
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
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
