package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"

	"renkei/cmd/faults/judge"
)

// letterbox is the mail server of everybody who is told: it keeps which letter came to whom.
type letterbox struct {
	server *smtp.Server
	at     string

	mu  sync.Mutex
	all []judge.Letter
}

func openLetterbox() (*letterbox, error) {
	socket, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is open at once
	if err != nil {
		return nil, err
	}
	b := &letterbox{at: socket.Addr().String()}
	b.server = smtp.NewServer(b)
	b.server.Domain = "faults.invalid"
	go func() {
		if err := b.server.Serve(socket); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			panic(fmt.Sprintf("the letterbox: %v", err)) // what is not judged must not pass for right
		}
	}()
	return b, nil
}

// NewSession implements smtp.Backend.
func (b *letterbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &posting{box: b}, nil }

// letters are those that came until now.
func (b *letterbox) letters() []judge.Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]judge.Letter(nil), b.all...)
}

// posting is somebody at the letterbox.
type posting struct {
	box *letterbox
	to  string
}

func (p *posting) Reset()                                    { p.to = "" }
func (p *posting) Logout() error                             { return nil }
func (p *posting) Mail(string, *smtp.MailOptions) error      { return nil }
func (p *posting) Rcpt(to string, _ *smtp.RcptOptions) error { p.to = to; return nil }

func (p *posting) Data(r io.Reader) error {
	letter, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	text, err := readable(letter.Header.Get("Content-Type"), letter.Header.Get("Content-Transfer-Encoding"), letter.Body)
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	if err != nil {
		return err
	}
	p.box.mu.Lock()
	defer p.box.mu.Unlock()
	p.box.all = append(p.box.all, judge.Letter{To: p.to, ID: letter.Header.Get("Message-ID"), Text: subject + "\n" + text})
	return nil
}

// readable is all of a letter's parts, decoded.
func readable(kind, encoding string, body io.Reader) (string, error) {
	switch strings.ToLower(encoding) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		return "", fmt.Errorf("a part of a letter: %w", err)
	}
	if !strings.HasPrefix(media, "multipart/") {
		text, err := io.ReadAll(body)
		return string(text), err
	}
	var all strings.Builder
	for parts := multipart.NewReader(body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return all.String(), nil
		}
		if err != nil {
			return "", err
		}
		text, err := readable(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(&all, text)
	}
}
