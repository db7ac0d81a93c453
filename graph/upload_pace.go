package graph

import (
	"io"
	"net/http"
	"time"
)

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
