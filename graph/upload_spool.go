package graph

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"os"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

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
