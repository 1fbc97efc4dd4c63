//go:build !js

package session

import (
	"github.com/keyconv/keyconv/internal/lazy"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// eastAsia has the code pages with two bytes for a letter. Their tables are 0.6 MB, so that
// a page in a browser is without them.
var eastAsia = lazy.Map[CodePage, encoding.Encoding]{Make: func() map[CodePage]encoding.Encoding {
	return map[CodePage]encoding.Encoding{
		932: japanese.ShiftJIS, 936: simplifiedchinese.GBK, 949: korean.EUCKR, 950: traditionalchinese.Big5,
	}
}}
