package cli

import (
	"testing"

	"github.com/keyconv/keyconv/internal/agentconn"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseLifetime(t *testing.T) {
	for text, want := range map[string]uint32{
		"": 0, "1": 1, "90": 90, "90s": 90, "30m": 1800, "8h": 8 * 3600, "1h30m": 5400, "1w2d": 9 * 86400,
		"1H30M": 5400, "1h90": 3690, "4294967295": 4294967295, "0h5": 5, "1m1m": 120,
	} {
		got, err := parseLifetime(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for text, want := range map[string]string{
		"x":                           `--lifetime "x" is not a time`,
		"1.5h":                        `--lifetime "1.5h" is not a time`,
		"-5":                          `--lifetime "-5" is not a time`,
		"1y":                          `--lifetime "1y" is not a time`,
		"h":                           `--lifetime "h" is not a time`,
		"1h 5m":                       `--lifetime "1h 5m" is not a time`,
		"0":                           `--lifetime 0 is zero`,
		"0h0m":                        `--lifetime 0h0m is zero`,
		"4294967296":                  `--lifetime 4294967296 is too long: an agent counts up to 4294967295 seconds`,
		"7102w":                       `--lifetime 7102w is too long: an agent counts up to 4294967295 seconds`,
		"99999999999999999999":        `--lifetime 99999999999999999999 is too long: an agent counts up to 4294967295 seconds`,
		"4294967295w4294967295w1024w": `--lifetime 4294967295w4294967295w1024w is too long: an agent counts up to 4294967295 seconds`,
	} {
		_, err := parseLifetime(text)
		require.EqualError(t, err, want)
		assert.Equal(t, fault.Usage, fault.ExitCode(err))
	}
}

func TestHintNoAgent(t *testing.T) {
	missing := &agentconn.NotRunningError{What: "no agent"}
	assert.Equal(t, `eval "$(ssh-agent)" starts one for this shell`, hintNoAgentOn("linux", missing))
	assert.Contains(t, hintNoAgentOn("linux", &agentconn.ForeignError{Owner: "bob"}), "without sudo")
	assert.Contains(t, hintNoAgentOn("windows", missing), "Start-Service ssh-agent")
	assert.Contains(t, hintNoAgentOn("windows", missing), "Pageant")
	assert.Contains(t, hintNoAgentOn("windows", agentconn.ErrNotAPipe), "unset")
}
