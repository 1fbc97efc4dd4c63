package session

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWinSCPSites: the registry has the names and escapes of the .ini.
func TestWinSCPSites(t *testing.T) {
	s := Session{Name: "my ecs", Target: Target{User: "jürgen", Host: "203.0.113.5", Port: 2222}, KeyFile: `C:\keys\my.ppk`}
	name, values, err := WinSCPSites.Encode(s, 0)
	require.NoError(t, err)
	assert.Equal(t, "my%20ecs", name)
	ini, err := Section(s)
	require.NoError(t, err)
	for _, v := range values {
		if !v.IsNumber {
			assert.Contains(t, string(ini), v.Name+"="+v.Text+"\r\n")
		}
	}
	assert.Contains(t, values, Setting{Name: "PortNumber", Number: 2222, IsNumber: true})
	assert.Contains(t, values, Setting{Name: "PublicKeyFile", Text: "C:%5Ckeys%5Cmy.ppk"})
	assert.Empty(t, WinSCPSites.Obsolete(values))

	s.User = ""
	_, values, err = WinSCPSites.Encode(s, 0)
	require.NoError(t, err)
	assert.Equal(t, []string{"UserName"}, WinSCPSites.Obsolete(values))
	s.Name = ""
	_, _, err = WinSCPSites.Encode(s, 0)
	assert.Error(t, err)
}
