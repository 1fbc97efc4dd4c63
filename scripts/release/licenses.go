package main

import (
	"fmt"
	"slices"
	"strings"
)

// licensePhrases identifies a licence by words that only its text has. The names are SPDX's.
var licensePhrases = []struct {
	name string
	all  []string
	none []string
}{
	{"Apache-2.0", []string{"Apache License", "Version 2.0, January 2004"}, nil},
	{"MIT", []string{"Permission is hereby granted, free of charge, to any person obtaining a copy"}, nil},
	{"ISC", []string{"Permission to use, copy, modify, and/or distribute this software"}, nil},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "Neither the name"}, nil},
	{"BSD-2-Clause", []string{"Redistribution and use in source and binary forms"}, []string{"Neither the name"}},
}

// licenseExpression returns SPDX's expression of a module's terms. An unknown licence is
// an error: it has to be read before a release.
func (m module) licenseExpression() (string, error) {
	var names []string
	for _, l := range m.licenses {
		if !strings.Contains(l.name, "LICEN") && !strings.Contains(l.name, "COPYING") {
			continue
		}
		known := licensesIn(l.text)
		if len(known) == 0 {
			return "", fmt.Errorf("%s %s: %s is a licence that is not known here; read it and add it to licensePhrases", m.path, m.version, l.name)
		}
		names = append(names, known...)
	}
	if len(names) == 0 {
		return "", fmt.Errorf("%s %s: no licence", m.path, m.version)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " AND "), nil
}

func licensesIn(text string) []string {
	words := strings.Join(strings.Fields(text), " ")
	contained := func(phrase string) bool { return strings.Contains(words, phrase) }
	var names []string
	for _, l := range licensePhrases {
		every := !slices.ContainsFunc(l.all, func(p string) bool { return !contained(p) })
		if every && !slices.ContainsFunc(l.none, contained) {
			names = append(names, l.name)
		}
	}
	return names
}

// thirdPartyText returns the terms of all modules, which their licences want in every copy.
func thirdPartyText(modules []module) []byte {
	var text strings.Builder
	text.WriteString("The program keyconv contains these libraries, under the licences below.\n\n")
	for _, m := range modules {
		fmt.Fprintf(&text, "  %s\n", m.title())
	}
	for _, m := range modules {
		for _, l := range m.licenses {
			title := m.title() + ", " + l.name
			fmt.Fprintf(&text, "\n%s\n%s\n%s\n\n%s\n", strings.Repeat("=", 80), title, strings.Repeat("-", 80), strings.TrimRight(l.text, "\n"))
		}
	}
	return []byte(text.String())
}

func (m module) title() string {
	if m.path == "std" {
		return "The Go standard library " + m.version
	}
	return m.path + " " + m.version
}
