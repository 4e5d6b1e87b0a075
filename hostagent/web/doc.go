// Package web is a live page of a site: an HTTP handler that serves the page, whose parts
// are embedded, and streams what changes to it. It reads the site through an interface that
// an agent and a client of its socket both have. It hands the orders of readers to an
// Orders, where it has one.
package web
