// Package repository keeps the directory from which an operator publishes: what the
// hosts and policies are to be, and the signed chain of what was published. The
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
// People write cluster.yaml and policies; everything else is made from them. A
// release begins as a Draft, is kept in next.release while keys sign it, and joins
// the chain by Append, which takes only what bundle.Anchor.Next accepts: nothing is
// ever published that hosts would refuse. Open checks the whole chain and says what
// was changed behind its back, and where.
//
// Every file is written whole under another name first, and a release of the chain
// is never written over. A crash leaves the state before or the one after; Open
// finishes what a crash interrupted.
package repository
