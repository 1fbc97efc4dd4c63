package session

import "golang.org/x/text/encoding"

// eastAsia is left out.
var eastAsia map[CodePage]encoding.Encoding
