package der

import "strconv"

// OID returns an object identifier in dotted form.
func (d *Reader) OID(what string) string {
	content := d.Element(TagOID, what)
	if d.err != nil {
		return ""
	}
	oid, ok := dotted(content)
	if !ok {
		d.err = syntaxError("ASN.1: %s is not an object identifier", what)
	}
	return oid
}

// dotted returns the arcs of an object identifier (X.690 section 8.19), as far as encoding/asn1
// goes: up to 127 bytes, and below 1<<31 each.
func dotted(content []byte) (string, bool) {
	if len(content) == 0 || len(content) > 127 || content[len(content)-1]&0x80 != 0 {
		return "", false
	}
	text := make([]byte, 0, 4*len(content))
	arc, begins := uint64(0), true
	for _, b := range content {
		if begins && b == 0x80 || arc >= 1<<24 {
			return "", false
		}
		arc, begins = arc<<7|uint64(b&0x7f), b&0x80 == 0
		switch {
		case !begins:
			continue
		case len(text) == 0: // the first two, of which the first is 0, 1 or 2
			first := min(arc/40, 2)
			text = append(strconv.AppendUint(text, first, 10), '.')
			arc -= 40 * first
		default:
			text = append(text, '.')
		}
		text, arc = strconv.AppendUint(text, arc, 10), 0
	}
	return string(text), true
}
