// Package site has the state of all hosts of a site as one value: hosts with their load,
// guests, deals and policies, and what is wrong. Each host says its own State, Asker asks
// all of them, and a Report has the answers and names the hosts that did not answer.
// Everything that shows a site, or waits for it, uses a Report.
package site
