package intake

import (
	"encoding/binary"
	"math/bits"
)

// segmentSize is how many places a segment of the search's index has at most.
const segmentSize = 8192

// places are some of the places of a segment.
type places [segmentSize / 64]uint64

// placesAsBits is how many bytes a bit for each place takes. Fewer bytes are a list.
const placesAsBits = segmentSize / 8

func (p *places) add(n int)    { p[n/64] |= 1 << (n % 64) }
func (p *places) remove(n int) { p[n/64] &^= 1 << (n % 64) }

// keep leaves those that are in other too.
func (p *places) keep(other *places) {
	for i := range p {
		p[i] &= other[i]
	}
}

func (p *places) count() int {
	n := 0
	for _, w := range p {
		n += bits.OnesCount64(w)
	}
	return n
}

// descending are the places, the last first.
func (p *places) descending(yield func(int) bool) {
	for i := len(p) - 1; i >= 0; i-- {
		for w := p[i]; w != 0; {
			n := bits.Len64(w) - 1
			if !yield(i*64 + n) {
				return
			}
			w &^= 1 << n
		}
	}
}

// encode writes places as they are stored: two bytes each, or a bit for each place of the segment, whatever is shorter.
func (p *places) encode() []byte {
	n := p.count()
	if 2*n >= placesAsBits {
		out := make([]byte, 0, placesAsBits)
		for _, w := range p {
			out = binary.BigEndian.AppendUint64(out, w)
		}
		return out
	}
	out := make([]byte, 2*n)
	for place := range p.descending {
		n--
		binary.BigEndian.PutUint16(out[2*n:], uint16(place)) //nolint:gosec // below segmentSize
	}
	return out
}

// decodePlaces reads what encode wrote.
func decodePlaces(stored []byte) *places {
	var p places
	if len(stored) == placesAsBits {
		for i := range p {
			p[i] = binary.BigEndian.Uint64(stored[8*i:])
		}
		return &p
	}
	for ; len(stored) >= 2; stored = stored[2:] {
		p.add(int(binary.BigEndian.Uint16(stored)) % segmentSize)
	}
	return &p
}

// encodeList is encode of ascending places.
func encodeList(list []uint16) []byte {
	if 2*len(list) >= placesAsBits {
		var p places
		for _, n := range list {
			p.add(int(n))
		}
		return p.encode()
	}
	out := make([]byte, 0, 2*len(list))
	for _, n := range list {
		out = binary.BigEndian.AppendUint16(out, n)
	}
	return out
}
