package intake

import (
	"context"
	"fmt"
	"io"

	"renkei/db/dbgen"
)

// fileContent opens a file's parts one after the other.
type fileContent struct {
	ctx  context.Context //nolint:containedctx // of one reading, as its signature is io.Reader's
	s    *Service
	row  dbgen.FileImport
	next int32
	left []byte
	read int64
}

// Read implements io.Reader.
func (c *fileContent) Read(p []byte) (int, error) {
	if len(c.left) == 0 {
		if c.read == c.row.Size {
			return 0, io.EOF
		}
		part, err := c.part()
		if err != nil {
			return 0, err
		}
		c.left = part
		c.next++
		c.read += int64(len(part))
	}
	n := copy(p, c.left)
	c.left = c.left[n:]
	return n, nil
}

func (c *fileContent) part() ([]byte, error) {
	row, err := c.s.of(c.row.CompanyID).FileChunk(c.ctx, dbgen.FileChunkParams{CompanyID: c.row.CompanyID, FileID: c.row.ID, N: c.next})
	if err != nil {
		return nil, fmt.Errorf("read part %d of a file: %w", c.next, err)
	}
	part, err := c.s.vault.Open(row.Sealed, c.row.CompanyID, chunkID(c.row.ID, c.next), fileChunkField)
	if err != nil {
		return nil, err
	}
	if part.IsZero() || c.read+int64(len(part.Reveal())) > c.row.Size {
		return nil, fmt.Errorf("part %d of a file is not the one that was kept", c.next)
	}
	return []byte(part.Reveal()), nil
}
