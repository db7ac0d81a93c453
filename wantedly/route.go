package wantedly

import "strings"

// route is what a path is, without what it is of: ids of people and tickets are nobody's business.
func route(path string) string {
	for _, of := range []string{listPath, personPath} {
		switch {
		case !strings.Contains(path, of):
		case strings.HasSuffix(path, of):
			return of
		default:
			return of + "/:id"
		}
	}
	for _, known := range []string{formPath, signInPath} {
		if strings.HasSuffix(path, known) {
			return known
		}
	}
	return "other"
}
