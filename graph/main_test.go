package graph_test

import (
	"bytes"
	"encoding/json"
	"log"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
)

// standardLog is all that any test made Go's own logger say.
var standardLog logbook

func TestMain(m *testing.M) {
	log.SetOutput(&standardLog)
	dbtest.Main(m)
}

// logbook keeps what is logged.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// take returns what was said since it was last taken.
func (l *logbook) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.text.Reset()
	return l.text.String()
}

// of returns the error lines of one request.
func (l *logbook) of(t *testing.T, request string) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for line := range strings.Lines(l.String()) {
		var fields map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &fields), line)
		if fields["request"] == request && fields["level"] == "error" {
			lines = append(lines, fields)
		}
	}
	return lines
}
