// Package repository manages the directory from which an operator publishes: the hosts
// and policies of the next release, and the signed chain of published ones. The
// directory may be, and should be, a git checkout.
//
//	cluster.yaml         who publishes, whose keys count, and the hosts of the next release
//	policies/NAME/       policy.yaml, the models (.lcc), their tests (.txtar), perhaps a scenario
//	chain/000001.release the signed releases, oldest first
//	chain/root.json      the anchor before the first release, from which the chain is checked
//	objects/DIGEST       rosters and models that releases name
//	anchor.json          the anchor at the latest release, to be put on every host
//	next.release         a draft that is being signed
//
// People write cluster.yaml and policies; everything else is made from them. A release
// begins as a Draft, is kept in next.release while keys sign it, and joins the chain by
// Append, which accepts only what bundle.Anchor.Next accepts: nothing is published that
// hosts would reject. Open checks the whole chain and reports each file that was
// changed outside this package.
//
// Every file is written as a whole under another name first, and a release of the chain
// is never overwritten. A crash leaves either the old or the new state; Open completes
// an interrupted operation.
package repository
