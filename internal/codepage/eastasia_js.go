package codepage

// eastAsia is left out.
func eastAsia() []Page { return nil }
