package session

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const exampleServer = "\t\t<Server>\n" +
	"\t\t\t<Host>47.98.1.2</Host>\n" +
	"\t\t\t<Port>22</Port>\n" +
	"\t\t\t<Protocol>1</Protocol>\n" +
	"\t\t\t<Type>0</Type>\n" +
	"\t\t\t<User>root</User>\n" +
	"\t\t\t<Keyfile>C:\\keys dir\\my key.ppk</Keyfile>\n" +
	"\t\t\t<Logontype>5</Logontype>\n" +
	"\t\t\t<Name>my box</Name>\n" +
	"\t\t</Server>\n"

const (
	xmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<FileZilla3>\n\t<Servers>\n"
	xmlTail = "\t</Servers>\n</FileZilla3>\n"
)

func TestFileZilla(t *testing.T) {
	data, err := Site(example())
	require.NoError(t, err)
	assert.Equal(t, xmlHead+exampleServer+xmlTail, string(data))

	s := example()
	s.Name, s.User = `<a> & "b" ü`, "x&y"
	data, err = Site(s)
	require.NoError(t, err)
	var file struct {
		Servers []struct{ Host, User, Keyfile, Name string } `xml:"Servers>Server"`
	}
	require.NoError(t, xml.Unmarshal(data, &file))
	require.Len(t, file.Servers, 1)
	assert.Equal(t, s.Name, file.Servers[0].Name)
	assert.Equal(t, s.User, file.Servers[0].User)

	s.User = ""
	_, err = Site(s)
	require.EqualError(t, err, "FileZilla takes no site with a key and without a user")
}

// otherSites has what else FileZilla writes: sites, a folder with a site of the same
// name, and comments by a person.
const otherSites = "\t\t<Server>\n\t\t\t<Host>a &amp; b</Host><Name>other</Name>\n\t\t</Server>\n" +
	"\t\t<Folder expanded=\"1\">Work\n\t\t\t<Server><Name>my box</Name></Server>\n\t\t</Folder>\n\t\t<!-- kept -->\n"

func TestAddToFileZilla(t *testing.T) {
	crlf := func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
	for name, test := range map[string]struct{ before, at, after string }{
		"empty":            {"", xmlHead + exampleServer + xmlTail, ""},
		"no sites":         {xmlHead, exampleServer, xmlTail},
		"others":           {xmlHead + otherSites, exampleServer, xmlTail},
		"CRLF":             {crlf(xmlHead + otherSites), crlf(exampleServer), crlf(xmlTail)},
		"one line":         {"<FileZilla3><Servers><Server><Name>x</Name></Server>", "\n" + exampleServer, "</Servers></FileZilla3>"},
		"no Servers":       {"<FileZilla3 version=\"3.63.0\">\n\t<Settings/>\n", "\t<Servers>\n" + exampleServer + "\t</Servers>\n", "</FileZilla3>\n"},
		"settings besides": {"<FileZilla3><Settings/><Servers>\n", exampleServer, "</Servers><Queue><Server/></Queue></FileZilla3>"},
	} {
		t.Run(name, func(t *testing.T) {
			edit, err := AddToFileZilla([]byte(test.before+test.after), example(), false)
			require.NoError(t, err)
			assert.Equal(t, test.before+test.at+test.after, string(edit.Data))
			again, err := AddToFileZilla(edit.Data, example(), false)
			require.NoError(t, err)
			assert.Equal(t, Edit{Data: edit.Data, Outcome: AlreadyThere}, again)
		})
	}
}

func TestAddToFileZillaFillsEmptyElements(t *testing.T) {
	edit, err := AddToFileZilla([]byte("<FileZilla3>\n\t<Servers />\n</FileZilla3>\n"), example(), false)
	require.NoError(t, err)
	assert.Equal(t, "<FileZilla3>\n\t<Servers>\n"+exampleServer+"\t</Servers>\n</FileZilla3>\n", string(edit.Data))
	edit, err = AddToFileZilla([]byte("<?xml version=\"1.0\"?>\n<FileZilla3 version=\"3\"/>\n<!-- c -->"), example(), false)
	require.NoError(t, err)
	assert.Equal(t, "<?xml version=\"1.0\"?>\n<FileZilla3 version=\"3\">\n\t<Servers>\n"+exampleServer+xmlTail+"<!-- c -->", string(edit.Data))
}

func TestAddToFileZillaReplaces(t *testing.T) {
	for _, old := range []string{
		"<Server><Host>old</Host><Name>my box</Name></Server>",
		"<Server><Host>old</Host>my box\n</Server>", // as older versions write the name
	} {
		text := xmlHead + "\t\t" + old + "\n" + otherSites + xmlTail
		_, err := AddToFileZilla([]byte(text), example(), false)
		require.EqualError(t, err, `there is another session "my box" already, in line 4`)
		edit, err := AddToFileZilla([]byte(text), example(), true)
		require.NoError(t, err)
		assert.Equal(t, Replaced, edit.Outcome)
		assert.Equal(t, xmlHead+exampleServer+otherSites+xmlTail, string(edit.Data))
	}
}

// TestAddToFileZillaKeepsTheRest: folders and colours of a site are not the session's. A
// password goes, since the key takes its place.
func TestAddToFileZillaKeepsTheRest(t *testing.T) {
	kept := []string{"<RemoteDir>1 0 3 var 3 www</RemoteDir>", "<Comments>a &amp; b\nc</Comments>", "<Bookmark><Name>x</Name></Bookmark>", "<Colour />"}
	old := xmlHead + "<Server><Host>old</Host>" + strings.Join(kept, " ") + "<Pass encoding=\"base64\">eA==</Pass><Name>my box</Name></Server>\n" + xmlTail
	edit, err := AddToFileZilla([]byte(old), example(), true)
	require.NoError(t, err)
	want := strings.Replace(exampleServer, "</Name>\n", "</Name>\n\t\t\t"+strings.Join(kept, "\n\t\t\t")+"\n", 1)
	assert.Equal(t, xmlHead+strings.TrimSpace(want)+"\n"+xmlTail, string(edit.Data))
}

func TestAddToFileZillaRefuses(t *testing.T) {
	for _, text := range []string{"x", "<a/>", "<FileZilla3><Servers></FileZilla3>", "<FileZilla3>", "<?xml version=\"1.0\" encoding=\"UTF-16\"?><FileZilla3/>", "<!-- x -->"} {
		_, err := AddToFileZilla([]byte(text), example(), true)
		require.ErrorIs(t, err, errNotSites, text)
	}
}

// FuzzAddToFileZilla: a file that is taken has the site afterwards, once, and the other
// sites as they were.
func FuzzAddToFileZilla(f *testing.F) {
	for _, seed := range []string{"", xmlHead + otherSites + xmlTail, "<FileZilla3/>", "<FileZilla3><Servers/></FileZilla3>", "<FileZilla3><Server/><Servers><Server>my box</Server><!--/--></Servers></FileZilla3>"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, old []byte) {
		edit, err := AddToFileZilla(old, example(), true)
		if err != nil {
			return
		}
		again, err := AddToFileZilla(edit.Data, example(), false)
		require.NoError(t, err, "%q", edit.Data)
		require.Equal(t, Edit{Data: edit.Data, Outcome: AlreadyThere}, again)
		if before, err := readSites(old); err == nil && edit.Outcome == Added {
			after, err := readSites(edit.Data)
			require.NoError(t, err)
			require.Len(t, after.sites, len(before.sites)+1)
			for i, site := range before.sites {
				require.Equal(t, site.fields, after.sites[i].fields)
			}
		}
	})
}
