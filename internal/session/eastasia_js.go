package session

import (
	"github.com/keyconv/keyconv/internal/lazy"
	"golang.org/x/text/encoding"
)

// eastAsia is left out.
var eastAsia = lazy.Map[CodePage, encoding.Encoding]{Make: func() map[CodePage]encoding.Encoding { return nil }}
