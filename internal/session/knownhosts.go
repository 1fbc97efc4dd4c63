package session

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// knownHost is a line of known_hosts.
type knownHost struct {
	number            int
	marker            string // "@revoked" or "@cert-authority"; usually ""
	hosts, kind, blob string
}

func readKnownHosts(data []byte) []knownHost {
	var list []knownHost
	number := 0
	for line := range bytes.Lines(data) {
		number++
		fields := strings.Fields(string(line))
		marker := ""
		if len(fields) > 0 && strings.HasPrefix(fields[0], "@") {
			marker, fields = fields[0], fields[1:]
		}
		if len(fields) >= 3 && !strings.HasPrefix(fields[0], "#") {
			list = append(list, knownHost{number, marker, fields[0], fields[1], fields[2]})
		}
	}
	return list
}

// isFor reports whether the line is for a host: by its name, its hash (|1|salt|HMAC-SHA1) or
// a pattern.
func (k knownHost) isFor(name string) bool {
	if rest, ok := strings.CutPrefix(k.hosts, "|1|"); ok {
		salt, sum, _ := strings.Cut(rest, "|")
		key, err := base64.StdEncoding.DecodeString(salt)
		want, err2 := base64.StdEncoding.DecodeString(sum)
		mac := hmac.New(sha1.New, key)
		mac.Write([]byte(strings.ToLower(name)))
		return err == nil && err2 == nil && hmac.Equal(mac.Sum(nil), want)
	}
	return matchesPatterns(strings.ToLower(name), strings.Split(strings.ToLower(k.hosts), ","))
}

// matchesPatterns reports whether a name is that of a list of patterns: one matches, and none
// with "!" in front does (ssh_config(5), PATTERNS).
func matchesPatterns(name string, patterns []string) bool {
	found := false
	for _, pattern := range patterns {
		rest, isNegated := strings.CutPrefix(pattern, "!")
		switch {
		case !matchesPattern(name, rest):
		case isNegated:
			return false
		default:
			found = true
		}
	}
	return found
}

// matchesPattern knows "*" and "?". It goes back to the last "*" alone, which is enough.
func matchesPattern(name, pattern string) bool {
	n, p, star, from := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			n++
			p++
		case star >= 0:
			from++
			n, p = from, star+1
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// HostKeysEdit is a known_hosts with the keys of other programs.
type HostKeysEdit struct {
	Data         []byte
	Added, There int
	// Refused are the keys that are not added, each with its reason: ssh knows another one.
	Refused []string
}

// AddHostKeys adds keys at the end of a known_hosts. A host of which ssh knows another key of
// that type keeps that.
func AddHostKeys(old []byte, keys []HostKey) HostKeysEdit {
	edit := HostKeysEdit{Data: old}
	known, lineEnd := readKnownHosts(old), lineEndOf(old)
	var lines strings.Builder
	for _, k := range keys {
		kind, blob := k.Key.Type(), base64.StdEncoding.EncodeToString(k.Key.Marshal())
		other := slices.IndexFunc(known, func(line knownHost) bool {
			return line.marker != "@cert-authority" && line.kind == kind && (line.marker != "") == (line.blob == blob) && line.isFor(k.Names())
		})
		there := slices.ContainsFunc(known, func(line knownHost) bool {
			return line.marker == "" && line.kind == kind && line.blob == blob && line.isFor(k.Names())
		})
		switch {
		case there:
			edit.There++
		case other >= 0 && known[other].marker != "":
			edit.Refused = append(edit.Refused, fmt.Sprintf("%s: its %s key is revoked in line %d", k.Names(), kind, known[other].number))
		case other >= 0 && known[other].number == 0:
			edit.Refused = append(edit.Refused, fmt.Sprintf("%s: there are two %s keys of it, and the first is taken", k.Names(), kind))
		case other >= 0:
			edit.Refused = append(edit.Refused, fmt.Sprintf("%s: line %d has another %s key of it, which stays", k.Names(), known[other].number, kind))
		default:
			lines.WriteString(k.line() + lineEnd)
			known = append(known, knownHost{hosts: k.Names(), kind: kind, blob: blob})
			edit.Added++
		}
	}
	if edit.Added > 0 {
		text := lines.String()
		if len(old) > 0 && old[len(old)-1] != '\n' {
			text = lineEnd + text
		}
		edit.Data = splice(old, len(old), len(old), text)
	}
	return edit
}
