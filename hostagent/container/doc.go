// Package container is the platform of OCI containers: each bundle that runc runs in a
// directory of the host is a guest, and moves live to another host with its memory, its
// connections, its root and its volumes.
//
// While the guest runs, root and volumes are copied in rounds (hostagent/volume). Then the
// port of its network is cut and criu writes its memory; criu's hook holds it frozen, with
// its connections, until hostagent/handover says that it continues here, or that it runs
// elsewhere. At the target a hook holds the restored container in the same way before its
// first instruction.
package container
