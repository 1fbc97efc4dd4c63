//go:build !js

package codepage

import (
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// eastAsia has tables of 0.6 MB, so that a page in a browser is without them.
func eastAsia() []Page {
	return []Page{
		large("Shift-JIS (Windows-932)", japanese.ShiftJIS, isEastAsian),
		large("GBK (Windows-936)", simplifiedchinese.GBK, isEastAsian),
		large("EUC-KR (Windows-949)", korean.EUCKR, isEastAsian),
		large("Big5 (Windows-950)", traditionalchinese.Big5, isEastAsian),
		large("EUC-JP", japanese.EUCJP, isEastAsian),
		large("GB 18030", simplifiedchinese.GB18030, isChinese),
	}
}
