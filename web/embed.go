// Package web is the console: a single-page application, built by npm into dist/console, and what hands it out.
package web

import "embed"

// dist holds what `npm run build` wrote, if it did, and the page that stands there otherwise.
//
//go:embed all:dist
var dist embed.FS
