// Package ondisk is the platform in memory for agents that are separate processes of one
// machine: guests are files of a directory, the site, that all its hosts share. It is for
// trying things out; a guest uses neither CPU nor memory, it only says so.
//
//	SITE/.lock         taken while a guest is made or switches over
//	SITE/.made/ID      a guest of this id was made once: it is never made again
//	SITE/HOST/lock     taken by the one process that is the host
//	SITE/HOST/socket   where other hosts ask whether a guest may come
//	SITE/HOST/ID.json  a guest that runs on the host
//
// The file of a guest is where the guest runs: a migration ends with one rename from
// host to host, so no crash leaves a guest on two hosts, or on none. A guest on its way
// is a connection between the two processes; if either ends, the guest stays where it is.
// Each process writes in the directory of its own host, except for that rename.
package ondisk
