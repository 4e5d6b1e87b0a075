// Package top shows a site on a terminal while it changes: hosts with the last hour of
// their loads, guests, moves, policies. A reader sorts, filters, looks into one of them, and
// gives orders to the agent that is asked, each of which is asked again.
package top
